// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/platform/redirection.hpp"

namespace aksmesh::checks {
namespace {

bool has_redirection(const Object& pod) {
  const auto init = pod.spec()["initContainers"];
  return item_named(init, kRedirectingInitContainer) || item_named(init, kValidatingInitContainer);
}

void run(const Facts& facts, Findings& out) {
  const auto mechanism = redirection(facts);
  const bool chained = mechanism == Redirection::chained_plugin;
  const auto wrong = chained ? kRedirectingInitContainer : kValidatingInitContainer;
  for (const auto* pod : facts.all(Kind::pod)) {
    if (!is_live_pod(*pod) || !has_proxy_container(*pod)) continue;
    if (mechanism == Redirection::unknown) {
      if (!has_redirection(*pod)) continue;
      return out.unknown(
          *pod, "the redirection mechanism does not show; add the DaemonSets of aks-istio-system");
    }
    const auto stale = item_named(pod->spec()["initContainers"], wrong);
    if (!stale) continue;
    out.add(
        *pod, stale,
        chained
            ? "pod {name} still redirects its traffic with {container}, although Istio CNI is on"
            : "pod {name} still relies on Istio CNI with {container}, although its DaemonSet is "
              "gone",
        {{"name", std::string(pod->name)}, {"container", std::string(wrong)}});
  }
}

}  // namespace

extern const Check redirection_mixed;
constinit const Check redirection_mixed{
    .slug = "redirection-mixed", .reads = {Kind::daemon_set, Kind::pod}, .run = run};

}  // namespace aksmesh::checks
