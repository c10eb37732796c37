// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/tree.hpp"

namespace aksmesh::checks {

/// Sets of labels, found by the labels that they hold.
class LabelIndex {
 public:
  void add(const data::Node& labels);
  /// True when one of the sets holds every entry of the mapping `wanted`.
  [[nodiscard]] bool any_carries(const data::Node& wanted) const;

 private:
  struct Label {
    std::string_view key{};
    std::string_view value{};
    bool operator==(const Label&) const = default;
  };
  struct LabelHash {
    std::size_t operator()(const Label& label) const {
      const std::hash<std::string_view> hash;
      return hash(label.key) * 31 + hash(label.value);
    }
  };

  std::unordered_map<Label, std::vector<data::Node>, LabelHash> by_label_;
};

}  // namespace aksmesh::checks
