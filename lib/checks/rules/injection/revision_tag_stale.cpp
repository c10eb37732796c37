// SPDX-License-Identifier: Apache-2.0
#include "checks/present_revisions.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  const auto& webhooks = facts.all(Kind::mutating_webhook_configuration);
  if (webhooks.empty()) return;
  const auto revisions = present_revisions(facts);
  for (const auto* webhook : webhooks) {
    const auto tag = webhook->label(kTagLabel);
    const auto label = webhook->label(kRevisionLabel);
    if (!tag || !label || !webhook->name.ends_with(kSystemSuffix)) continue;
    const auto revision = parse_revision(label.text());
    if (revision && revisions.has(*revision)) continue;
    if (revisions.known) {
      out.add(*webhook, label,
              "revision tag {tag} points to {revision}, which is not installed: its namespaces get "
              "no sidecars",
              {{"tag", std::string(tag.text())}, {"revision", std::string(label.text())}});
    } else {
      out.unknown(*webhook, kRevisionsUnknown);
    }
  }
}

}  // namespace

extern const Check revision_tag_stale;
constinit const Check revision_tag_stale{
    .slug = "revision-tag-stale", .reads = kRevisionKinds, .run = run};

}  // namespace aksmesh::checks
