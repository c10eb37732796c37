// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "data/tree.hpp"
#include "mesh/label_index.hpp"

namespace aksmesh::mesh {

/// Labels as far as the input shows them.
struct LabelSet {
  data::Node labels{};
  std::string_view
      sure_key{};  ///< a label that Kubernetes always sets, written in the object or not
  std::string_view sure_value{};
  std::span<const std::pair<std::string_view, std::string_view>> supposed{};  ///< further labels
  bool complete =
      true;  ///< false: the object is not in the input, so that an absent label says nothing
};

enum class LabelMatch { no, yes, undecided };

/// A LabelSelector (matchLabels and matchExpressions) against labels; an absent or empty one
/// matches everything.
LabelMatch match_labels(const data::Node& selector, const LabelSet& labels);

/// The same against a set of labels that is known whole; an operator that Kubernetes does not know
/// matches nothing.
bool selects(const data::Node& selector, const Labels& labels);

/// True when every entry of the mapping `wanted` is among the labels.
bool carries_labels(const data::Node& labels, const data::Node& wanted);

}  // namespace aksmesh::mesh
