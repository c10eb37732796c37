// SPDX-License-Identifier: Apache-2.0
#include "checks/live_pods.hpp"
#include "checks/present_revisions.hpp"
#include "checks/proxies.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  const auto& pods = facts.all(Kind::pod);
  if (pods.empty()) return;
  const auto revisions = present_revisions(facts);
  for (const auto* pod : pods) {
    if (!is_live_pod(*pod) || is_addon_namespace(pod->name_space) ||
        !find_container(pod->spec(), kProxyContainer))
      continue;
    const auto injected = proxy_revision(facts, *pod);
    const auto revision = parse_revision(injected.name);
    if (!revision || revisions.has(*revision)) continue;
    if (revisions.known) {
      out.add(
          *pod, injected.source,
          "the sidecar of Pod {name} belongs to {revision}, whose control plane is not installed",
          {{"name", std::string(pod->name)}, {"revision", std::string(injected.name)}});
    } else {
      out.unknown(*pod, kRevisionsUnknown);
    }
  }
}

}  // namespace

extern const Check injection_orphan_sidecar;
constinit const Check injection_orphan_sidecar{
    .slug = "injection-orphan-sidecar", .reads = kRevisionKinds | KindSet{Kind::pod}, .run = run};

}  // namespace aksmesh::checks
