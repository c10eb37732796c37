// SPDX-License-Identifier: Apache-2.0
#include "checks/http_routes.hpp"

namespace aksmesh::checks {

std::string rule_text(const Node& rule) {
  const auto name = rule["name"].text();
  return name.empty() ? "the route" : "route " + std::string(name);
}

double percentage_of(const Node& percentage) {
  return percentage["value"].as_double().value_or(0);
}

}  // namespace aksmesh::checks
