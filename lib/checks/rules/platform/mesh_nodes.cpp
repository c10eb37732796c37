// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>

#include "base/strings.hpp"
#include "checks/addon_pods.hpp"
#include "checks/proxies.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kUnwell = "AKM9112";
constexpr std::array kCodes{kUnwell};

// https://kubernetes.io/docs/reference/node/node-status/#condition: those that keep pods away or
// drive them out.
constexpr std::array<std::string_view, 3> kPressures{"MemoryPressure", "DiskPressure",
                                                     "PIDPressure"};

/// Pods that the mesh stands on: of istiod and of gateways.
bool bears_mesh(const Object& pod) {
  return is_live_pod(pod) && (is_addon_istiod_pod(pod) || is_ingress_gateway_pod(pod) ||
                              (is_gateway_part(pod.metadata()) && has_proxy_container(pod)));
}

bool any_bears_mesh(const Facts& facts) {
  return facts.holds(Kind::pod, bears_mesh);
}

struct Flaws {
  std::vector<std::string> words{};
  Node place{};  ///< of the first
};

Flaws flaws_of(const Object& node) {
  Flaws out;
  const auto add = [&](const Node& condition, std::string words) {
    if (out.words.empty()) out.place = condition;
    out.words.push_back(std::move(words));
  };
  if (const auto ready = status_condition(node, "Ready"); ready && ready["status"].text() != "True")
    add(ready, "is not ready");
  for (const auto type : kPressures)
    if (const auto pressure = status_condition(node, type); pressure["status"].text() == "True")
      add(pressure, "has " + std::string(type));
  return out;
}

void run(const Facts& facts, Findings& out) {
  std::map<std::string_view, std::vector<const Object*>> pods;  // by their node
  for (const auto* pod : facts.as_read(Kind::pod))
    if (const auto node = pod->spec()["nodeName"].text(); !node.empty() && bears_mesh(*pod))
      pods[node].push_back(pod);
  const auto& nodes = facts.as_read(Kind::node);
  if (nodes.empty() && !pods.empty())
    return out.unknown(kUnwell, *pods.begin()->second.front(),
                       "how the node is that it runs on; the Nodes tell");
  for (const auto* node : nodes) {
    const auto on_it = pods.find(node->name);
    if (on_it == pods.end()) continue;
    const auto flaws = flaws_of(*node);
    if (flaws.words.empty()) continue;
    const auto& first = *on_it->second.front();
    auto names = full_name(first);
    if (const auto others = on_it->second.size() - 1; others > 0)
      names += " and " + plural(others, "other pod", "other pods") + " of istiod or gateways";
    out.report(kUnwell, *node, flaws.place,
               {std::string(node->name), join(flaws.words, " and "), names});
  }
}

}  // namespace

extern const Check mesh_nodes;
constinit const Check mesh_nodes{.slug = "mesh-nodes",
                                 .reads = {Kind::node, Kind::pod},
                                 .run = run,
                                 .codes = kCodes,
                                 .concerns = any_bears_mesh};

}  // namespace aksmesh::checks
