// SPDX-License-Identifier: Apache-2.0
#include "data/canonical.hpp"

#include <algorithm>
#include <vector>

#include "base/strings.hpp"

namespace aksmesh::data {

std::string canonical(const Node& node, std::string_view left_out) {
  std::vector<std::string> parts;
  if (node.is_mapping()) {
    for (const auto [key, value] : node.entries())
      if (left_out.empty() || key.text() != left_out)
        parts.push_back(std::string(key.text()) + '=' + canonical(value, left_out));
    std::sort(parts.begin(), parts.end());
    return '{' + join(parts, ",") + '}';
  }
  if (!node.is_sequence()) return std::string(node.text());
  for (const auto item : node.items()) parts.push_back(canonical(item, left_out));
  return '[' + join(parts, ",") + ']';
}

}  // namespace aksmesh::data
