// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/limits/blocked_kinds.hpp"

namespace aksmesh::checks {
namespace {

/// While a canary runs, the object reaches both revisions, so the lower one decides.
void compare_with_revisions(const Facts& facts, const VersionNumber& minimum, Findings& out) {
  const auto& telemetries = facts.all(Kind::telemetry);
  if (telemetries.empty()) return;
  const auto& revisions = facts.revisions();
  if (revisions.known && revisions.installed.front() >= minimum) return;
  const auto why = "the add-on takes the kind from " + revision_name(minimum) +
                   " on: give --revision, or the istiod Deployments of aks-istio-system";
  for (const auto* telemetry : telemetries) {
    if (!revisions.known)
      out.unknown(*telemetry, why);
    else
      out.add(*telemetry,
              "revision {revision} does not take Telemetry {name}: the add-on blocks the kind "
              "before {minimum}",
              {{"revision", revision_name(revisions.installed.front())},
               {"name", std::string(telemetry->name)},
               {"minimum", revision_name(minimum)}});
  }
}

void run(const Facts& facts, Findings& out) {
  const auto& policy = facts.limitation();
  if (policy.stance == mesh::Stance::conditional && policy.min_revision)
    compare_with_revisions(facts, *policy.min_revision, out);
  else
    deny_kind<Kind::telemetry>(facts, out);
}

}  // namespace

extern const Check cr_telemetry;
constinit const Check cr_telemetry{
    .slug = "cr-telemetry", .reads = kRevisionKinds | KindSet{Kind::telemetry}, .run = run};

}  // namespace aksmesh::checks
