// SPDX-License-Identifier: Apache-2.0
#include "checks/gateway_api.hpp"
#include "checks/present_revisions.hpp"

namespace aksmesh::checks {
namespace {

/// While a canary runs, either revision may serve the Gateway, so the lower one decides.
void compare_with_revisions(const Facts& facts, const Object& gateway, const VersionNumber& minimum,
                            Findings& out) {
  const auto& revisions = facts.revisions();
  if (!revisions.known)
    out.unknown(gateway, kRevisionsUnknown);
  else if (revisions.installed.front() < minimum)
    out.add(gateway, gateway.spec()["gatewayClassName"],
            "Gateway {name} is of class istio, which the add-on supports from {minimum} on, but "
            "{revision} is installed",
            {{"name", std::string(gateway.name)},
             {"minimum", revision_name(minimum)},
             {"revision", revision_name(revisions.installed.front())}});
}

void run(const Facts& facts, Findings& out) {
  const auto& policy = facts.limitation();
  for (const auto* gateway : facts.all(Kind::kube_gateway)) {
    if (!is_of_addon_class(*gateway)) continue;
    if (policy.stance == mesh::Stance::conditional && policy.min_revision)
      compare_with_revisions(facts, *gateway, *policy.min_revision, out);
    else
      out.add(*gateway, gateway->spec()["gatewayClassName"],
              "Gateway {name} is of class istio, and the add-on does not support the Kubernetes "
              "Gateway API",
              {{"name", std::string(gateway->name)}});
  }
}

}  // namespace

extern const Check gateway_api_ingress;
constinit const Check gateway_api_ingress{.slug = "gateway-api-ingress",
                                          .reads = kRevisionKinds | KindSet{Kind::kube_gateway},
                                          .run = run};

}  // namespace aksmesh::checks
