// SPDX-License-Identifier: Apache-2.0
#include "checks/traffic_policies.hpp"

#include <array>

namespace aksmesh::checks {

std::vector<std::string> fields_missing(const Node& wide, const Node& narrow) {
  constexpr std::array<std::string_view, 4> kFields{"connectionPool", "loadBalancer",
                                                    "outlierDetection", "tls"};
  std::vector<std::string> out;
  for (const auto field : kFields)
    if (wide[field] && !narrow[field]) out.emplace_back(field);
  return out;
}

}  // namespace aksmesh::checks
