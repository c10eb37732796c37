// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/addon_pods.hpp"
#include "mesh/label_selector.hpp"

namespace aksmesh::checks {
namespace {

bool names_only_taints(std::string_view message) {
  // With too little capacity on the other nodes, that is the nearer cause.
  constexpr auto kNone = std::string_view::npos;
  return message.find("untolerated taint") != kNone && message.find("Insufficient") == kNone;
}

Node wanted_nodes(const Object& pod) {
  return pod.spec().at("affinity", "nodeAffinity",
                       "requiredDuringSchedulingIgnoredDuringExecution")["nodeSelectorTerms"];
}

/// Whether the pod asks for nodes by their labels. That of a DaemonSet asks for one by its name.
bool chooses_nodes(const Object& pod) {
  const auto terms = wanted_nodes(pod).items();
  return pod.spec()["nodeSelector"].size() > 0 ||
         std::any_of(terms.begin(), terms.end(),
                     [](const Node& term) { return term["matchExpressions"].size() > 0; });
}

/// Whether a pod may run on a node as far as its selector and affinity go.
bool chooses(const Object& pod, const Object& node) {
  const auto labels = node.metadata()["labels"];
  if (!mesh::carries_labels(labels, pod.spec()["nodeSelector"])) return false;
  const auto wanted = wanted_nodes(pod);
  const auto terms = wanted.items();
  return wanted.size() == 0 || std::any_of(terms.begin(), terms.end(), [&](const Node& term) {
           return mesh::match_labels(term, {.labels = labels}) != mesh::LabelMatch::no;
         });
}

bool tolerates(const Object& pod, const Node& taint) {
  const auto tolerations = pod.spec()["tolerations"].items();
  return std::any_of(tolerations.begin(), tolerations.end(), [&](const Node& one) {
    const auto key = one["key"].text();
    const auto effect = one["effect"].text();
    if (!effect.empty() && effect != taint["effect"].text()) return false;
    if (one["operator"].text() == "Exists") return key.empty() || key == taint["key"].text();
    return key == taint["key"].text() && one["value"].text() == taint["value"].text();
  });
}

bool keeps_away(const Object& node, const Object& pod) {
  const auto taints = node.spec()["taints"].items();
  return std::any_of(taints.begin(), taints.end(), [&](const Node& taint) {
    return taint["effect"].text() != "PreferNoSchedule" && !tolerates(pod, taint);
  });
}

enum class Cause { taint, other, unknown };

/// The scheduler names the taint of a node before it looks whether the pod wants the node at all.
Cause cause_of(const Facts& facts, const Object& pod) {
  if (!chooses_nodes(pod)) return Cause::taint;
  const auto& nodes = facts.all(Kind::node);
  if (nodes.empty()) return Cause::unknown;
  const bool tainted = std::any_of(nodes.begin(), nodes.end(), [&](const Object* node) {
    return chooses(pod, *node) && keeps_away(*node, pod);
  });
  return tainted ? Cause::taint : Cause::other;
}

void run(const Facts& facts, Findings& out) {
  for (const auto* pod : facts.all(Kind::pod)) {
    if (!is_addon_pod(*pod) || !is_live_pod(*pod) || pod->status()["phase"].text() != "Pending")
      continue;
    const auto scheduled = status_condition(*pod, "PodScheduled");
    if (scheduled["status"].text() != "False" || !names_only_taints(scheduled["message"].text()))
      continue;
    const auto cause = cause_of(facts, *pod);
    if (cause == Cause::unknown)
      out.unknown(*pod,
                  "whether a node that its nodeSelector or affinity asks for has a taint; the "
                  "Nodes tell");
    if (cause != Cause::taint) continue;
    out.add(
        *pod, scheduled,
        "{name} of the add-on finds no node, because nodes have a taint that it does not tolerate",
        {{"name", std::string(pod->name)}});
  }
}

}  // namespace

extern const Check deployment_order_ccp_taint;
constinit const Check deployment_order_ccp_taint{.slug = "deployment-order-ccp-taint",
                                                 .reads = {Kind::node, Kind::pod},
                                                 .run = run,
                                                 .concerns = has_addon_pods};

}  // namespace aksmesh::checks
