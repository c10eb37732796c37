// SPDX-License-Identifier: Apache-2.0
#include "checks/gateway_api.hpp"

namespace aksmesh::checks {
namespace {

void check_route(const Object& route, Findings& out) {
  for (const auto parent : route.spec()["parentRefs"].items()) {
    const auto kind = parent["kind"];
    // Who leaves the group out means the core one too, although the API fills in its own.
    if (kind.text() != "Service" || !parent["group"].string().empty()) continue;
    out.add(route, kind,
            "{kind} {name} names Service {service} as its parent, and the add-on does not support "
            "the Gateway API for traffic inside the mesh",
            {{"kind", std::string(route.kind_name)},
             {"name", std::string(route.name)},
             {"service", std::string(parent["name"].text())}});
  }
}

void run(const Facts& facts, Findings& out) {
  visit_routes(facts, [&](const Object& route) { check_route(route, out); });
}

}  // namespace

extern const Check gateway_api_gamma;
constinit const Check gateway_api_gamma{
    .slug = "gateway-api-gamma", .reads = kRouteKinds, .run = run};

}  // namespace aksmesh::checks
