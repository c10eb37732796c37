// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/check.hpp"

namespace aksmesh::checks {

/// Calls `visit(virtual_service, rule)` for each item of `http` of each VirtualService. Reads
/// VirtualService.
template <class Visit>
void visit_http_rules(const Facts& facts, Visit visit) {
  for (const auto* service : facts.all(Kind::virtual_service))
    for (const auto rule : service->spec()["http"].items()) visit(*service, rule);
}

/// A rule of a VirtualService as a message names it: its name, or its place in the list.
std::string rule_text(const Node& rule);

/// The percentage of a fault or mirror; 0 when the mapping lacks its value.
double percentage_of(const Node& percentage);

}  // namespace aksmesh::checks
