// SPDX-License-Identifier: Apache-2.0
#include "checks/label_index.hpp"

#include <algorithm>

#include "checks/label_selector.hpp"

namespace aksmesh::checks {

void LabelIndex::add(const data::Node& labels) {
  for (const auto [key, value] : labels.entries())
    by_label_[{key.text(), value.text()}].push_back(labels);
}

bool LabelIndex::any_carries(const data::Node& wanted) const {
  const std::vector<data::Node>* rarest = nullptr;
  for (const auto [key, value] : wanted.entries()) {
    const auto at = by_label_.find({key.text(), value.text()});
    if (at == by_label_.end()) return false;
    if (rarest == nullptr || at->second.size() < rarest->size()) rarest = &at->second;
  }
  return rarest != nullptr &&
         std::any_of(rarest->begin(), rarest->end(),
                     [&](const data::Node& labels) { return carries_labels(labels, wanted); });
}

}  // namespace aksmesh::checks
