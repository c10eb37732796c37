// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  // The add-on's own Deployments carry their revision in the name.
  for (const auto* deployment : facts.all(Kind::deployment))
    if (deployment->name_space == kSystemNamespace && deployment->name == kIstiod)
      out.add(*deployment,
              "Deployment {name} is the control plane of application routing, which excludes the "
              "mesh add-on",
              {{"name", std::string(deployment->name)}});
  for (const auto* gateway_class : facts.all(Kind::gateway_class))
    if (gateway_class->name == kAppRoutingGatewayClass)
      out.add(*gateway_class,
              "GatewayClass {name} shows application routing's own Istio, which excludes the mesh "
              "add-on",
              {{"name", std::string(gateway_class->name)}});
}

}  // namespace

extern const Check app_routing_istio;
constinit const Check app_routing_istio{
    .slug = "app-routing-istio", .reads = {Kind::deployment, Kind::gateway_class}, .run = run};

}  // namespace aksmesh::checks
