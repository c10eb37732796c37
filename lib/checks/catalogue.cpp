// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "checks/check.hpp"

namespace aksmesh::checks {

#define X(name) extern const Check name;
#include "checks/catalogue.inc"
#undef X

namespace {
constexpr std::array kAll{
#define X(name) &name,
#include "checks/catalogue.inc"
#undef X
};
}  // namespace

std::span<const Check* const> catalogue() {
  return kAll;
}

const Check* find_check(std::string_view slug) {
  const auto all = catalogue();
  const auto found = std::lower_bound(
      all.begin(), all.end(), slug,
      [](const Check* one, std::string_view wanted) { return one->slug < wanted; });
  return found != all.end() && (*found)->slug == slug ? *found : nullptr;
}

const Check* find_analyzer(std::string_view name) {
  for (const auto* check : catalogue())
    if (!check->analyzer.empty() && (check->analyzer == name || check->slug == name)) return check;
  return nullptr;
}

}  // namespace aksmesh::checks
