// SPDX-License-Identifier: Apache-2.0
#include "azure/maintenance.hpp"

#include <algorithm>

#include "data/json_edit.hpp"

namespace aksmesh::azure {

Result<std::vector<std::string>> get_maintenance(Arm& arm, const ClusterId& cluster) {
  AK_TRY(const auto items, arm.list(cluster.path() + "/maintenanceConfigurations",
                                    "list the maintenance configurations of " + cluster.name));
  std::vector<std::string> out;
  for (const auto& item : items)
    if (const auto document = data::JsonDocument::parse(item))
      out.emplace_back(document->root()["name"].text());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace aksmesh::azure
