// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/injection/revision_names.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  using Standing = RevisionNames::Standing;
  const auto& name_spaces = facts.all(Kind::name_space);
  if (name_spaces.empty()) return;
  const RevisionNames names(facts);
  for (const auto* name_space : name_spaces) {
    const auto label = name_space->label(kRevisionLabel);
    if (!label) continue;
    switch (names.of(label.text())) {
      case Standing::present: break;
      case Standing::missing:
        out.add(*name_space, label,
                "namespace {namespace} names revision {revision}, which is not there: its new pods "
                "get no sidecar",
                {{"namespace", std::string(name_space->name)},
                 {"revision", std::string(label.text())}});
        break;
      case Standing::revisions_unknown: out.unknown(*name_space, kRevisionsUnknown); break;
      case Standing::tags_unknown:
        out.unknown(*name_space,
                    facts.of_cluster()
                        ? "whether a revision tag of this name is to come: the cluster has no "
                          "webhooks yet"
                        : "whether a revision tag of this name exists; an export of "
                          "MutatingWebhookConfigurations tells");
        break;
    }
  }
}

}  // namespace

extern const Check injection_unknown_revision;
constinit const Check injection_unknown_revision{
    .slug = "injection-unknown-revision",
    .reads = kRevisionKinds | KindSet{Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
