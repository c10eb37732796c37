// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/tables.hpp"

#include <algorithm>

#include "data/table.hpp"

namespace aksmesh::istio::validation {
namespace {

data::Node entry(std::string_view name) {
  return data::table("lib/istio/tables/validation.json")[name];
}

}  // namespace

data::Items words(std::string_view list) {
  return entry(list).items();
}

bool is_listed(std::string_view list, std::string_view word) {
  const auto all = words(list);
  return std::any_of(all.begin(), all.end(),
                     [&](const data::Node& each) { return each.text() == word; });
}

std::string words_of(std::string_view list) {
  std::string out;
  for (const auto word : words(list)) out.append(out.empty() ? "" : ", ").append(word.text());
  return out;
}

std::int64_t limit(std::string_view name) {
  return entry("limits")[name].as_int().value_or(0);
}

}  // namespace aksmesh::istio::validation
