// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mesh/label_index.hpp"

namespace aksmesh::mesh {

/// Objects found by the labels that their selectors accept: the other way round of LabelIndex.
class SelectorIndex {
 public:
  struct Item {
    const kube::Object* object = nullptr;
    Labels wanted{};
  };

  /// An empty selector accepts everything.
  void add(const kube::Object* object, Labels wanted);
  [[nodiscard]] const std::vector<Item>& items() const { return items_; }
  [[nodiscard]] bool empty() const { return items_.empty(); }
  /// The objects whose selector accepts the labels, in the order of addition.
  [[nodiscard]] std::vector<const kube::Object*> accepting(const Labels& labels) const;

 private:
  std::vector<Item> items_;
  std::vector<std::uint32_t> of_everything_;
  std::unordered_map<std::string_view, std::vector<std::uint32_t>> by_value_;  ///< of one label
};

}  // namespace aksmesh::mesh
