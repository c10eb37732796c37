// SPDX-License-Identifier: Apache-2.0
#include "checks/present_revisions.hpp"

namespace aksmesh::checks {
namespace {

void check_selector(const Facts& facts, const Object& object, const Node& selector, Findings& out) {
  const auto label = selector[kRemovedGatewayNameLabel];
  if (!label) return;
  const auto& revisions = facts.revisions();
  const auto& minimum = facts.limitation().min_revision;
  if (!revisions.known) out.unknown(object, kRevisionsUnknown);
  // In a canary the gateways move to the higher revision.
  else if (!minimum || revisions.installed.back() >= *minimum)
    out.add(object, label,
            "{kind} {name} selects by {label}, which the gateway pods of {revision} do not carry",
            {{"kind", std::string(object.kind_name)},
             {"name", std::string(object.name)},
             {"label", std::string(kRemovedGatewayNameLabel)},
             {"revision", revision_name(revisions.installed.back())}});
}

void run(const Facts& facts, Findings& out) {
  for (const auto* policy : facts.all(Kind::authorization_policy))
    check_selector(facts, *policy, policy->spec().at("selector", "matchLabels"), out);
  for (const auto* service : facts.all(Kind::service))
    check_selector(facts, *service, service->spec()["selector"], out);
}

}  // namespace

extern const Check gateway_name_label_removed;
constinit const Check gateway_name_label_removed{
    .slug = "gateway-name-label-removed",
    .reads = kRevisionKinds | KindSet{Kind::authorization_policy, Kind::service},
    .run = run};

}  // namespace aksmesh::checks
