// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/compat/node_class.hpp"

namespace aksmesh::checks {
namespace {

void check_workload(const Facts& facts, const NodeClass& nodes, const Workload& workload,
                    Findings& out) {
  const auto& object = *workload.object;
  const auto place = nodes.place(facts, workload);
  if (!place) return;
  switch (in_mesh(facts, workload)) {
    case Meshed::no: break;
    case Meshed::unknown:
      out.unknown(
          object,
          "its Namespace is not in the input, so nothing tells whether its pods get a sidecar");
      break;
    case Meshed::yes:
      out.add(object, place, nodes.workload_message,
              {{"kind", std::string(object.kind_name)},
               {"name", std::string(object.name)},
               {"namespace", std::string(object.name_space)}});
      break;
  }
}

}  // namespace

const Object* node_of(const Facts& facts, const Workload& workload) {
  const auto name = workload.pod_spec["nodeName"].text();
  return workload.is_pod() && !name.empty() ? facts.find(Kind::node, {}, name) : nullptr;
}

bool belongs_to(const Object& node, const NodeClass& nodes) {
  return node.label(nodes.label).text() == nodes.value;
}

void check_node_class(const Facts& facts, const NodeClass& nodes, Findings& out) {
  for (const auto& workload : facts.workloads()) check_workload(facts, nodes, workload, out);
  if (out.found() > 0) return;
  for (const auto* node : facts.all(Kind::node))
    if (belongs_to(*node, nodes))
      out.add_rated(facts.limitation().milder_severity, *node, node->label(nodes.label),
                    nodes.node_message, {{"name", std::string(node->name)}});
}

}  // namespace aksmesh::checks
