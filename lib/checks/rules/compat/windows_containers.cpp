// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/compat/node_class.hpp"

namespace aksmesh::checks {
namespace {

Node place(const Facts& facts, const Workload& workload);

constexpr NodeClass kWindowsNodes{
    .label = kOsLabel,
    .value = kWindows,
    .place = place,
    .workload_message =
        "{kind} {name} of meshed namespace {namespace} runs Windows containers, "
        "which the mesh does not support",
    .node_message = "Node {name} runs Windows, and the mesh does not support pods there",
};

Node place(const Facts& facts, const Workload& workload) {
  const auto& spec = workload.pod_spec;
  if (const auto name = spec.at("os", "name"); name.text() == kWindows) return name;
  if (const auto selected = spec.at("nodeSelector", kOsLabel); selected.text() == kWindows)
    return selected;
  const auto* node = node_of(facts, workload);
  return node != nullptr && belongs_to(*node, kWindowsNodes) ? spec["nodeName"] : Node{};
}

void run(const Facts& facts, Findings& out) {
  check_node_class(facts, kWindowsNodes, out);
}

}  // namespace

extern const Check windows_containers;
constinit const Check windows_containers{.slug = "windows-containers",
                                         .reads = kPodKinds | KindSet{Kind::node, Kind::name_space},
                                         .run = run};

}  // namespace aksmesh::checks
