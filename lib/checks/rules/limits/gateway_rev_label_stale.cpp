// SPDX-License-Identifier: Apache-2.0
#include <unordered_set>

#include "checks/gateway_api.hpp"
#include "checks/present_revisions.hpp"

namespace aksmesh::checks {
namespace {

void check_revision(const Object& gateway, const Node& label, const VersionNumber& revision,
                    const Revisions& revisions, Findings& out) {
  if (!revisions.known)
    out.unknown(gateway, kRevisionsUnknown);
  else if (!revisions.has(revision))
    out.add(gateway, label, "Gateway {name} is pinned to {revision}, which is not installed",
            {{"name", std::string(gateway.name)}, {"revision", revision_name(revision)}});
}

void run(const Facts& facts, Findings& out) {
  const auto& revisions = facts.revisions();
  const std::unordered_set<std::string_view> tags(revisions.tags.begin(), revisions.tags.end());
  for (const auto* gateway : facts.all(Kind::kube_gateway)) {
    const auto label = gateway->label(kRevisionLabel);
    if (label.text().empty() || !is_of_addon_class(*gateway)) continue;
    if (const auto revision = parse_revision(label.text()))
      check_revision(*gateway, label, *revision, revisions, out);
    else if (tags.empty())
      out.unknown(*gateway, "whether there is a revision tag " + std::string(label.text()) +
                                (facts.of_cluster() ? ": the cluster has no webhook of any"
                                                    : "; its MutatingWebhookConfiguration tells"));
    else if (!tags.contains(label.text()))
      out.add(
          *gateway, label,
          "Gateway {name} is pinned to {tag}, which is neither a revision nor a revision tag of "
          "the input",
          {{"name", std::string(gateway->name)}, {"tag", std::string(label.text())}});
  }
}

}  // namespace

extern const Check gateway_rev_label_stale;
constinit const Check gateway_rev_label_stale{.slug = "gateway-rev-label-stale",
                                              .reads = kRevisionKinds | KindSet{Kind::kube_gateway},
                                              .run = run};

}  // namespace aksmesh::checks
