// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <unordered_set>

#include "checks/addon_gateways.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kLoadBalancerPrefix = "service.beta.kubernetes.io/";
constexpr std::string_view kPortGap = "{port}";
constexpr std::string_view kDnsPrefix = "external-dns.alpha.kubernetes.io/";

std::unordered_set<std::string> allowed_annotations() {
  const auto service = mesh::table("ingress-annotations.json")["ingressGatewayService"];
  std::unordered_set<std::string> keys;
  for (const auto item : service["allowedAnnotations"].items()) keys.emplace(item["key"].text());
  const auto by_port = service["allowedPortAnnotations"];
  for (const auto item : by_port["keys"].items()) {
    const std::string form(item["keyTemplate"].text());
    const auto gap = form.find(kPortGap);
    if (gap == std::string::npos) continue;
    for (const auto port : by_port["ports"].items())
      keys.insert(form.substr(0, gap) + std::string(port.text()) +
                  form.substr(gap + kPortGap.size()));
  }
  return keys;
}

/// The add-on itself marks its internal gateway.
bool is_own(const Object& service, std::string_view key, const Node& value) {
  return service.name == kInternalGateway &&
         key == "service.beta.kubernetes.io/azure-load-balancer-internal" && value.text() == "true";
}

void run(const Facts& facts, Findings& out) {
  // Under a policy that merely reports the annotation, the table of those that are kept is in
  // force.
  std::unordered_set<std::string> allowed;
  if (facts.limitation().severity != "error") allowed = allowed_annotations();
  for (const auto* service : facts.all(Kind::service)) {
    if (!is_ingress_service(*service)) continue;
    for (const auto [key, value] : service->metadata()["annotations"].entries()) {
      const auto name = key.text();
      if (!name.starts_with(kLoadBalancerPrefix) && !name.starts_with(kDnsPrefix)) continue;
      if (is_own(*service, name, value) || allowed.contains(std::string(name))) continue;
      out.add(*service, value,
              "annotation {annotation} on Service {name} is not kept: the add-on takes it back",
              {{"annotation", std::string(name)}, {"name", std::string(service->name)}});
    }
  }
}

}  // namespace

extern const Check ingress_annotation;
constinit const Check ingress_annotation{
    .slug = "ingress-annotation", .reads = {Kind::service}, .run = run};

}  // namespace aksmesh::checks
