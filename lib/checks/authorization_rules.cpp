// SPDX-License-Identifier: Apache-2.0
#include "checks/authorization_rules.hpp"

#include <algorithm>

namespace aksmesh::checks {
namespace {

bool holds(const Node& list, std::string_view wanted) {
  const auto items = list.items();
  return std::any_of(items.begin(), items.end(),
                     [&](const Node& item) { return item.text() == wanted; });
}

}  // namespace

std::string_view everyone_of(const Node& rule) {
  if (rule["to"].size() > 0 || rule["when"].size() > 0) return {};
  if (rule["from"].size() == 0) return rule.is_mapping() || rule.is_null() ? "any caller" : "";
  std::string_view who;
  for (const auto entry : rule["from"].items()) {
    const auto source = entry["source"];
    if (source.size() != 1) continue;
    if (holds(source["ipBlocks"], "0.0.0.0/0") || holds(source["remoteIpBlocks"], "0.0.0.0/0"))
      return "any caller";
    if (holds(source["principals"], "*") || holds(source["namespaces"], "*"))
      who = "any workload of the mesh";
  }
  return who;
}

}  // namespace aksmesh::checks
