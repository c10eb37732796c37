// SPDX-License-Identifier: Apache-2.0
#include "mesh/selector_index.hpp"

#include <algorithm>

namespace aksmesh::mesh {

void SelectorIndex::add(const kube::Object* object, Labels wanted) {
  const auto at = static_cast<std::uint32_t>(items_.size());
  if (wanted.empty()) {
    of_everything_.push_back(at);
  } else {
    // Of a selector's labels the longest value tells most.
    const auto telling =
        std::max_element(wanted.begin(), wanted.end(), [](const Label& one, const Label& other) {
          return one.second.size() < other.second.size();
        });
    by_value_[telling->second].push_back(at);
  }
  items_.push_back({object, std::move(wanted)});
}

std::vector<const kube::Object*> SelectorIndex::accepting(const Labels& labels) const {
  auto found = of_everything_;
  for (const auto& label : labels) {
    const auto candidates = by_value_.find(label.second);
    if (candidates == by_value_.end()) continue;
    for (const auto at : candidates->second)
      if (carries(labels, items_[at].wanted)) found.push_back(at);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<const kube::Object*> out;
  out.reserve(found.size());
  for (const auto at : found) out.push_back(items_[at].object);
  return out;
}

}  // namespace aksmesh::mesh
