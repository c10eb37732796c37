// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"
#include "mesh/virtual_service.hpp"

namespace aksmesh::checks {
namespace {

void check_rule(const Object& service, const Node& rule, Findings& out) {
  bool others_have_weight = false;
  for (const auto route : rule["route"].items())
    others_have_weight = others_have_weight || route["weight"].as_int().value_or(0) > 0;
  if (!others_have_weight) return;
  for (const auto route : rule["route"].items()) {
    if (route["weight"]) continue;
    const auto host = route.at("destination", "host");
    out.add(service, host ? host : route,
            "destination {host} has no weight and gets no requests: the others have one",
            {{"host", std::string(host.text())}});
  }
}

void run(const Facts& facts, Findings& out) {
  for (const auto* service : facts.all(Kind::virtual_service))
    for (const auto family : mesh::kRouteFamilies)
      for (const auto rule : service->spec()[family].items()) check_rule(*service, rule, out);
}

}  // namespace

extern const Check route_destination_without_weight;
constinit const Check route_destination_without_weight{
    .slug = "route-destination-without-weight", .reads = {Kind::virtual_service}, .run = run};

}  // namespace aksmesh::checks
