// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/injection.hpp"

namespace aksmesh::checks {

/// A class of nodes on which pods of the mesh do not work, told by a label of theirs.
struct NodeClass {
  std::string_view label{};
  std::string_view value{};
  /// The part of a pod spec that puts the pods onto such nodes; absent when they go elsewhere.
  Node (*place)(const Facts& facts, const Workload& workload) = nullptr;
  std::string_view workload_message{};  ///< with {kind}, {name} and {namespace}
  std::string_view node_message{};      ///< with {name}
};

/// The Node of the input that a live Pod runs on; null when there is none. Reads Node.
const Object* node_of(const Facts& facts, const Workload& workload);
bool belongs_to(const Object& node, const NodeClass& nodes);

/// Reports the pods of the mesh that go to such nodes. When there is none, the nodes themselves are
/// worth a milder word: other pods may follow. Reads Node and Namespace; declare kPodKinds.
void check_node_class(const Facts& facts, const NodeClass& nodes, Findings& out);

}  // namespace aksmesh::checks
