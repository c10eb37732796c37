// SPDX-License-Identifier: Apache-2.0
#include "checks/addon_pods.hpp"

namespace aksmesh::checks {
namespace {

/// The value of the status that shows that the pod has no node; absent when it has one.
Node waiting_for_node(const Object& pod) {
  const auto scheduled = status_condition(pod, "PodScheduled");
  const auto answer = scheduled["status"].text();
  if (answer == "False" && scheduled["reason"].text() == "Unschedulable") return scheduled;
  const auto phase = pod.status()["phase"];
  return phase.text() == "Pending" && answer != "True" ? phase : Node{};
}

void run(const Facts& facts, Findings& out) {
  for (const auto* pod : facts.all(Kind::pod)) {
    if (!is_addon_istiod_pod(*pod) || !is_live_pod(*pod)) continue;
    if (const auto place = waiting_for_node(*pod))
      out.add(*pod, place, "control plane pod {name} has no node and does not start",
              {{"name", std::string(pod->name)}});
  }
}

}  // namespace

extern const Check control_plane_pending;
constinit const Check control_plane_pending{
    .slug = "control-plane-pending", .reads = {Kind::pod}, .run = run, .concerns = has_istiod_pods};

}  // namespace aksmesh::checks
