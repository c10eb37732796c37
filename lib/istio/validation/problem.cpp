// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/problem.hpp"

namespace aksmesh::istio::validation {

Place::Place(const Node& owner, std::string_view field) : node(owner[field]) {
  if (node) return;
  node = owner;
  missing = field;
}

Node Place::value() const {
  return missing.empty() && !node.is_null() ? node : Node{};
}

std::string path_of(const kube::Object& object, const Problem& problem) {
  const auto& [node, missing] = problem.place;
  // Only an object without a spec has rules about nothing that is there.
  auto path = node ? node.tree()->path(object.root, node) : std::string("spec");
  if (!missing.empty()) data::append_key(path, missing);
  return path;
}

}  // namespace aksmesh::istio::validation
