// SPDX-License-Identifier: Apache-2.0
#include "checks/live_pods.hpp"

namespace aksmesh::checks {
namespace {

bool is_addon_pod(const Object& pod) {
  if (pod.name_space == kIngressNamespace) return pod.name.starts_with(kIngressGatewayPrefix);
  return is_addon_istiod_pod(pod) ||
         (pod.name_space == kSystemNamespace && pod.name.starts_with(kCniDaemonSet));
}

bool names_only_taints(std::string_view message) {
  // With too little capacity on the other nodes, that is the nearer cause.
  constexpr auto kNone = std::string_view::npos;
  return message.find("untolerated taint") != kNone && message.find("Insufficient") == kNone;
}

void run(const Facts& facts, Findings& out) {
  for (const auto* pod : facts.all(Kind::pod)) {
    if (!is_addon_pod(*pod) || !is_live_pod(*pod) || pod->status()["phase"].text() != "Pending")
      continue;
    const auto scheduled = status_condition(*pod, "PodScheduled");
    if (scheduled["status"].text() != "False" || !names_only_taints(scheduled["message"].text()))
      continue;
    out.add(
        *pod, scheduled,
        "{name} of the add-on finds no node, because nodes have a taint that it does not tolerate",
        {{"name", std::string(pod->name)}});
  }
}

}  // namespace

extern const Check deployment_order_ccp_taint;
constinit const Check deployment_order_ccp_taint{
    .slug = "deployment-order-ccp-taint", .reads = {Kind::pod}, .run = run};

}  // namespace aksmesh::checks
