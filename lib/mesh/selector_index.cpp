// SPDX-License-Identifier: Apache-2.0
#include "mesh/selector_index.hpp"

#include <algorithm>
#include <utility>

namespace aksmesh::mesh {

void SelectorIndex::add(const kube::Object* object, Labels wanted) {
  std::vector<Item>* rarest = nullptr;
  for (const auto& label : wanted) {
    auto& items = by_label_[label];
    if (rarest == nullptr || items.size() < rarest->size()) rarest = &items;
  }
  if (rarest != nullptr) rarest->push_back({object, std::move(wanted), count_++});
}

std::vector<const kube::Object*> SelectorIndex::selecting(const Labels& labels) const {
  std::vector<std::pair<std::size_t, const kube::Object*>> found;
  for (const auto& label : labels) {
    const auto items = by_label_.find(label);
    if (items == by_label_.end()) continue;
    for (const auto& item : items->second)
      if (carries(labels, item.wanted)) found.emplace_back(item.position, item.object);
  }
  std::sort(found.begin(), found.end());
  std::vector<const kube::Object*> objects;
  objects.reserve(found.size());
  for (const auto& [position, object] : found) objects.push_back(object);
  return objects;
}

}  // namespace aksmesh::mesh
