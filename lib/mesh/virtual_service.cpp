// SPDX-License-Identifier: Apache-2.0
#include "mesh/virtual_service.hpp"

#include <algorithm>

#include "mesh/host_table.hpp"

namespace aksmesh::mesh {
namespace {

constexpr std::string_view kSidecars = "mesh";

}  // namespace

bool serves_sidecars(const kube::Object& virtual_service) {
  const auto gateways = virtual_service.spec()["gateways"];
  for (const auto gateway : gateways.items())
    if (gateway.text() == kSidecars) return true;
  return gateways.size() == 0;
}

bool serves_gateways(const kube::Object& virtual_service) {
  for (const auto gateway : virtual_service.spec()["gateways"].items())
    if (gateway.text() != kSidecars) return true;
  return false;
}

std::string gateway_name(std::string_view named, std::string_view own_namespace) {
  if (named.find('/') != std::string_view::npos) return std::string(named);
  return std::string(own_namespace).append("/").append(named);
}

bool is_exported_to(const kube::Object& object, std::string_view name_space) {
  const auto scopes = export_scopes(object);
  return std::any_of(scopes.begin(), scopes.end(),
                     [&](std::string_view scope) { return scope == "*" || scope == name_space; });
}

}  // namespace aksmesh::mesh
