// SPDX-License-Identifier: Apache-2.0
#include "checks/proxies.hpp"
#include "checks/rules/injection/revision_names.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  const auto& pods = facts.all(Kind::pod);
  if (pods.empty()) return;
  const RevisionNames names(facts);
  for (const auto* pod : pods) {
    if (!lacks_sidecar(*pod)) continue;
    const auto meshed = facts.meshed(pod->name_space);
    if (meshed == Meshed::unknown) out.unknown(*pod, kNamespaceUnknown);
    if (meshed != Meshed::yes) continue;
    const auto revision = facts.find(Kind::name_space, {}, pod->name_space)->label(kRevisionLabel);
    if (names.of(revision.text()) == RevisionNames::Standing::missing)
      continue;  // injection-unknown-revision tells
    out.add(*pod,
            "Pod {name} has no sidecar, although namespace {namespace} is labelled "
            "istio.io/rev={revision}",
            {{"name", std::string(pod->name)},
             {"namespace", std::string(pod->name_space)},
             {"revision", std::string(revision.text())}});
  }
}

}  // namespace

extern const Check injection_not_restarted;
constinit const Check injection_not_restarted{
    .slug = "injection-not-restarted",
    .reads = kRevisionKinds | KindSet{Kind::pod, Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
