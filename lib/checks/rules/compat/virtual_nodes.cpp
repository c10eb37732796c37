// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/compat/node_class.hpp"

namespace aksmesh::checks {
namespace {

Node place(const Facts& facts, const Workload& workload);

constexpr NodeClass kVirtualNodes{
    .label = kNodeTypeLabel,
    .value = kVirtualNodeType,
    .place = place,
    .workload_message =
        "{kind} {name} of meshed namespace {namespace} can be placed on virtual nodes, "
        "which run neither init containers nor DaemonSets",
    .node_message =
        "Node {name} is a virtual node, where no pod's traffic can be redirected to a sidecar",
};

/// A Pod that already runs on an ordinary node stays there, whatever it tolerates. DaemonSets
/// tolerate widely, and virtual nodes run none.
Node place(const Facts& facts, const Workload& workload) {
  if (workload.object->kind == Kind::daemon_set) return {};
  if (const auto* node = node_of(facts, workload))
    return belongs_to(*node, kVirtualNodes) ? workload.pod_spec["nodeName"] : Node{};
  for (const auto& toleration : workload.pod_spec["tolerations"].items())
    if (toleration["key"].text() == kVirtualNodeToleration) return toleration;
  return {};
}

void run(const Facts& facts, Findings& out) {
  check_node_class(facts, kVirtualNodes, out);
}

}  // namespace

extern const Check virtual_nodes;
constinit const Check virtual_nodes{.slug = "virtual-nodes",
                                    .reads = kPodKinds | KindSet{Kind::node, Kind::name_space},
                                    .run = run};

}  // namespace aksmesh::checks
