// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/platform/redirection.hpp"

namespace aksmesh::checks {
namespace {

void check_readiness(const Facts& facts, const Object& plugin, Findings& out) {
  const auto status = plugin.status();
  const auto wanted = status["desiredNumberScheduled"].as_int();
  if (!wanted)
    return out.unknown(plugin, facts.of_cluster()
                                   ? "its controller has not told yet on how many nodes it is ready"
                                   : "the DaemonSet has no status; export it from the cluster");
  const auto ready = status["numberReady"];
  if (ready.as_int().value_or(0) >= *wanted) return;
  out.add(
      plugin, ready ? ready : status,
      "the Istio CNI plugin is ready on {ready} of {wanted} nodes; new pods on the others do not "
      "start",
      {{"ready", std::to_string(ready.as_int().value_or(0))}, {"wanted", std::to_string(*wanted)}});
}

void run(const Facts& facts, Findings& out) {
  if (const auto* plugin = facts.find(Kind::daemon_set, kSystemNamespace, kCniDaemonSet)) {
    check_readiness(facts, *plugin, out);
  } else if (const auto* pod = first_validated_pod(facts)) {
    out.unknown(
        *pod, facts.of_cluster()
                  ? "the pod was made for Istio CNI, and the DaemonSet of the add-on is not there"
                  : "the pod was made for Istio CNI; add the DaemonSets of aks-istio-system to the "
                    "input");
  }
}

bool has_cni(const Facts& facts) {
  return facts.find(Kind::daemon_set, kSystemNamespace, kCniDaemonSet) != nullptr ||
         first_validated_pod(facts) != nullptr;
}

}  // namespace

extern const Check cni_daemonset;
constinit const Check cni_daemonset{.slug = "cni-daemonset",
                                    .reads = {Kind::daemon_set, Kind::pod},
                                    .run = run,
                                    .concerns = has_cni};

}  // namespace aksmesh::checks
