// SPDX-License-Identifier: Apache-2.0
#include "data/resources.hpp"

#include <algorithm>

namespace aksmesh::data {

std::string_view resource(std::string_view name) {
  const auto all = embedded_resources();
  const auto found = std::lower_bound(
      all.begin(), all.end(), name,
      [](const Resource& one, std::string_view wanted) { return one.name < wanted; });
  return found != all.end() && found->name == name ? found->text : std::string_view{};
}

}  // namespace aksmesh::data
