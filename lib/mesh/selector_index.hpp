// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <unordered_map>
#include <vector>

#include "mesh/label_index.hpp"

namespace aksmesh::mesh {

/// Objects found by what their selectors want: the reverse of LabelIndex. Each object stands under
/// one of the labels that it wants, the rarest so far.
class SelectorIndex {
 public:
  /// `wanted` must not be empty: an object that selects everything is not found by labels.
  void add(const kube::Object* object, Labels wanted);
  /// The objects whose selector picks something with these labels, in the order of addition.
  [[nodiscard]] std::vector<const kube::Object*> selecting(const Labels& labels) const;

 private:
  struct Item {
    const kube::Object* object = nullptr;
    Labels wanted{};
    std::size_t position = 0;
  };
  std::unordered_map<Label, std::vector<Item>, LabelHash> by_label_;
  std::size_t count_ = 0;
};

}  // namespace aksmesh::mesh
