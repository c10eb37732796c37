// SPDX-License-Identifier: Apache-2.0
#include "checks/short_list.hpp"

#include <algorithm>

#include "checks/check.hpp"

namespace aksmesh::checks {

std::string short_list(std::vector<std::string> names) {
  const bool more = names.size() > kLongestList;
  if (more) {
    const auto end = names.begin() + static_cast<std::ptrdiff_t>(kLongestList);
    std::nth_element(names.begin(), end, names.end());
    names.resize(kLongestList);
  }
  std::sort(names.begin(), names.end());
  if (more) names.emplace_back("...");
  return list_text(names);
}

}  // namespace aksmesh::checks
