// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "data/tree.hpp"

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

/// The first requirement of a selector that the labels do not meet, or cannot be shown to meet:
/// `label istio.io/rev must be asm-1-28 and is asm-1-27`. Empty when they meet all.
std::string unmet_requirement(const data::Node& selector, const LabelSet& labels);

/// The first label, as `key=value`, that a selector asks for by its value and finds; empty when it
/// asks for none.
std::string wanted_label(const data::Node& selector, const LabelSet& labels);

/// True when every entry of the mapping `wanted` is among the labels.
bool carries_labels(const data::Node& labels, const data::Node& wanted);

}  // namespace aksmesh::mesh
