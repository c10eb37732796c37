// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace aksmesh::azure {

/// Which managed cluster.
struct ClusterId {
  std::string subscription{};
  std::string resource_group{};
  std::string name{};
  /// The resource id: the path below the Resource Manager, with a slash at its begin.
  [[nodiscard]] std::string path() const;
};

/// Reads a resource id, case aside. Kind usage when it is none of a managed cluster.
Result<ClusterId> parse_cluster_id(std::string_view id);

/// Why a name cannot be one of a cluster, a resource group or a subscription; empty when it can.
std::string wrong_cluster_name(std::string_view name);
std::string wrong_group_name(std::string_view name);
bool is_uuid(std::string_view text);

}  // namespace aksmesh::azure
