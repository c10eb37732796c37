// SPDX-License-Identifier: Apache-2.0
#include "mesh/label_index.hpp"

namespace aksmesh::mesh {

Labels labels_of(const data::Node& mapping) {
  Labels labels;
  labels.reserve(mapping.size());
  for (const auto [key, value] : mapping.entries()) labels.emplace_back(key.text(), value.text());
  std::sort(labels.begin(), labels.end());
  return labels;
}

std::string selector_text(const Labels& labels) {
  std::string text;
  for (const auto& [key, value] : labels) {
    if (!text.empty()) text += ',';
    text.append(key).append("=").append(value);
  }
  return text;
}

bool carries(const Labels& labels, std::span<const Label> wanted) {
  return std::includes(labels.begin(), labels.end(), wanted.begin(), wanted.end());
}

void LabelIndex::add(const kube::Object* object, Labels labels) {
  const auto at = static_cast<std::uint32_t>(items_.size());
  for (const auto& label : labels) by_label_[label].push_back(at);
  items_.push_back({object, std::move(labels)});
}

std::span<const std::uint32_t> LabelIndex::candidates(std::span<const Label> wanted) const {
  const std::vector<std::uint32_t>* rarest = nullptr;
  for (const auto& label : wanted) {
    const auto at = by_label_.find(label);
    if (at == by_label_.end()) return {};
    if (rarest == nullptr || at->second.size() < rarest->size()) rarest = &at->second;
  }
  return *rarest;
}

}  // namespace aksmesh::mesh
