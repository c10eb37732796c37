// SPDX-License-Identifier: Apache-2.0
#include "mesh/namespaces.hpp"

#include "mesh/table.hpp"

namespace aksmesh::mesh {
namespace {

bool lists(std::string_view group, std::string_view name) {
  static const auto groups = table("aks-namespaces.json");
  for (const auto item : groups[group].items())
    if (item.text() == name) return true;
  return false;
}

}  // namespace

bool is_platform_namespace(std::string_view name) {
  return lists("kubernetes", name) || lists("addon", name) || lists("platform", name);
}

bool surely_exists(std::string_view name) {
  return lists("kubernetes", name) || lists("addon", name) || lists("shared", name);
}

}  // namespace aksmesh::mesh
