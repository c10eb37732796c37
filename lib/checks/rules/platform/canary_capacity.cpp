// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/quantity.hpp"
#include "checks/istiods.hpp"
#include "checks/live_pods.hpp"

namespace aksmesh::checks {
namespace {

/// Of processors, in thousandths, and of memory, in bytes.
struct Room {
  std::int64_t cpu = 0;
  std::int64_t memory = 0;
};

void add(Room& to, const Node& resources, std::int64_t sign) {
  to.cpu += sign * quantity_in_thousandths(resources["cpu"].text()).value_or(0);
  to.memory += sign * quantity_in_thousandths(resources["memory"].text()).value_or(0) / 1000;
}

Room requests_of(const Node& pod_spec) {
  Room out;
  for (const auto container : pod_spec["containers"].items())
    add(out, container.at("resources", "requests"), 1);
  return out;
}

bool takes_pods(const Object& node) {
  if (node.spec()["unschedulable"].as_bool().value_or(false)) return false;
  if (node.label(kOsLabel).text() == kWindows) return false;
  if (status_condition(node, "Ready")["status"].text() != "True") return false;
  const auto taints = node.spec()["taints"].items();
  return std::none_of(taints.begin(), taints.end(), [](const Node& taint) {
    // The add-on's pods tolerate that one (release notes v2024-04-28).
    const auto effect = taint["effect"].text();
    return taint["key"].text() != "CriticalAddonsOnly" &&
           (effect == "NoSchedule" || effect == "NoExecute");
  });
}

/// What each node that takes the pods of a control plane has left.
std::vector<Room> free_rooms(const Facts& facts) {
  std::map<std::string_view, Room> nodes;
  for (const auto* node : facts.as_read(Kind::node))
    if (takes_pods(*node)) add(nodes[node->name], node->status()["allocatable"], 1);
  for (const auto* pod : facts.as_read(Kind::pod)) {
    const auto node = nodes.find(pod->spec()["nodeName"].text());
    if (node == nodes.end() || !is_live_pod(*pod)) continue;
    const auto taken = requests_of(pod->spec());
    node->second.cpu -= taken.cpu;
    node->second.memory -= taken.memory;
  }
  std::vector<Room> out;
  for (const auto& [name, room] : nodes) out.push_back(room);
  return out;
}

/// How many pods of a size the nodes take.
std::int64_t places(const std::vector<Room>& rooms, const Room& need) {
  std::int64_t out = 0;
  for (const auto& room : rooms) {
    const auto by_cpu = need.cpu > 0 ? room.cpu / need.cpu : room.cpu >= 0 ? 1'000 : 0;
    const auto by_memory = need.memory > 0 ? room.memory / need.memory : 1'000;
    out += std::max<std::int64_t>(std::min(by_cpu, by_memory), 0);
  }
  return out;
}

void run(const Facts& facts, Findings& out) {
  const auto control_planes = istiods(facts);
  if (control_planes.size() != 1 || facts.as_read(Kind::node).empty()) return;
  const auto& istiod = *control_planes.begin()->second;
  const auto need = requests_of(istiod.spec().at("template", "spec"));
  const auto wanted = istiod.spec()["replicas"].as_int().value_or(1);
  const auto found = places(free_rooms(facts), need);
  if (found < wanted)
    out.report("AKM9109", istiod, istiod.metadata()["name"],
               {std::to_string(wanted), std::string(istiod.name), std::to_string(found)});
}

}  // namespace

extern const Check canary_capacity;
constinit const Check canary_capacity{.slug = "canary-capacity",
                                      .reads = {Kind::deployment, Kind::node, Kind::pod},
                                      .run = run,
                                      .runs = Runs::when_asked,
                                      .concerns = has_istiods};

}  // namespace aksmesh::checks
