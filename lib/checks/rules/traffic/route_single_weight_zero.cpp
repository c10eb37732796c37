// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"
#include "mesh/virtual_service.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  for (const auto* service : facts.all(Kind::virtual_service))
    for (const auto family : mesh::kRouteFamilies)
      for (const auto rule : service->spec()[family].items()) {
        const auto routes = rule["route"];
        if (routes.size() != 1) continue;
        const auto only = *routes.items().begin();
        if (const auto weight = only["weight"]; weight.as_int() == 0)
          out.add(*service, weight,
                  "{host} gets every request of the route: the weight 0 of an only destination is "
                  "not looked at",
                  {{"host", std::string(only.at("destination", "host").text())}});
      }
}

}  // namespace

extern const Check route_single_weight_zero;
constinit const Check route_single_weight_zero{
    .slug = "route-single-weight-zero", .reads = {Kind::virtual_service}, .run = run};

}  // namespace aksmesh::checks
