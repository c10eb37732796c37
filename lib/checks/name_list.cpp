// SPDX-License-Identifier: Apache-2.0
#include "checks/name_list.hpp"

#include <algorithm>

#include "base/strings.hpp"

namespace aksmesh::checks {

std::string name_list(std::vector<std::string> names) {
  const bool more = names.size() > kMostNames;
  if (more) {
    const auto end = names.begin() + static_cast<std::ptrdiff_t>(kMostNames);
    std::nth_element(names.begin(), end, names.end());
    names.resize(kMostNames);
  }
  std::sort(names.begin(), names.end());
  return join(names, ",") + (more ? ",and others" : "");
}

}  // namespace aksmesh::checks
