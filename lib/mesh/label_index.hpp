// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "data/tree.hpp"
#include "kube/manifests.hpp"

namespace aksmesh::mesh {

using Label = std::pair<std::string_view, std::string_view>;
using Labels = std::vector<Label>;
struct LabelHash {
  std::size_t operator()(const Label& label) const {
    const std::hash<std::string_view> hash;
    return hash(label.first) * 31 + hash(label.second);
  }
};

/// The entries of a mapping of labels, sorted by key.
Labels labels_of(const data::Node& mapping);
/// `k=v` joined with commas, by key: the one spelling of a selector. Empty for an empty one.
std::string selector_text(const Labels& labels);
/// True when `labels` holds every entry of `wanted`; both sorted.
bool carries(const Labels& labels, std::span<const Label> wanted);

/// Objects found by the labels that they, or their pod templates, carry.
class LabelIndex {
 public:
  struct Item {
    const kube::Object* object = nullptr;
    Labels labels{};
  };

  void add(const kube::Object* object, Labels labels);
  [[nodiscard]] const std::vector<Item>& items() const { return items_; }

  /// Calls `visit(item)` for each item that carries all of `wanted`, in the order of addition,
  /// until it returns false. An empty `wanted` matches every item.
  template <class Visit>
  void visit_matching(std::span<const Label> wanted, Visit visit) const {
    if (wanted.empty()) {
      for (const auto& item : items_)
        if (!visit(item)) return;
      return;
    }
    for (const auto at : candidates(wanted))
      if (carries(items_[at].labels, wanted) && !visit(items_[at])) return;
  }
  [[nodiscard]] const Item* first_matching(std::span<const Label> wanted) const {
    const Item* found = nullptr;
    visit_matching(wanted, [&](const Item& item) {
      found = &item;
      return false;
    });
    return found;
  }
  [[nodiscard]] std::vector<const kube::Object*> matching(std::span<const Label> wanted) const {
    std::vector<const kube::Object*> found;
    visit_matching(wanted, [&](const Item& item) {
      found.push_back(item.object);
      return true;
    });
    return found;
  }
  [[nodiscard]] bool any_matches(std::span<const Label> wanted) const {
    return first_matching(wanted) != nullptr;
  }

 private:
  /// The items of the rarest wanted label.
  [[nodiscard]] std::span<const std::uint32_t> candidates(std::span<const Label> wanted) const;

  std::vector<Item> items_;
  std::unordered_map<Label, std::vector<std::uint32_t>, LabelHash> by_label_;
};

}  // namespace aksmesh::mesh
