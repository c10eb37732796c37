// SPDX-License-Identifier: Apache-2.0
#include "checks/gateway_api.hpp"

namespace aksmesh::checks {
namespace {

std::string_view text_or(const Node& value, std::string_view otherwise) {
  return value && !value.is_null() ? value.text() : otherwise;
}

}  // namespace

bool is_of_addon_class(const Object& gateway) {
  return gateway.spec()["gatewayClassName"].text() == kGatewayClass;
}

bool is_automated(const Object& gateway) {
  return gateway.spec()["addresses"].size() == 0;
}

std::string default_generated_name(std::string_view gateway_name) {
  return std::string(gateway_name) + '-' + std::string(kGatewayClass);
}

GeneratedName generated_name(const Object& gateway) {
  if (const auto name = gateway.annotation(kNameOverrideAnnotation); !name.text().empty())
    return {std::string(name.text()), name};
  return {default_generated_name(gateway.name), gateway.metadata()["name"]};
}

std::vector<Parent> parents_of(const Object& route) {
  std::vector<Parent> out;
  for (const auto item : route.spec()["parentRefs"].items())
    out.push_back({.reference = item,
                   .group = text_or(item["group"], kGatewayApiGroup),
                   .kind = text_or(item["kind"], "Gateway"),
                   .name_space = text_or(item["namespace"], route.name_space),
                   .name = item["name"].text()});
  return out;
}

bool is_gateway_api_crd(const Object& crd) {
  return crd.spec()["group"].text() == kGatewayApiGroup;
}

bool is_managed_by_aks(const Object& crd) {
  return crd.annotation(kManagedByAnnotation).text() == kManagedByAks;
}

}  // namespace aksmesh::checks
