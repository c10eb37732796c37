// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "azure/arm.hpp"
#include "azure/cluster_id.hpp"

namespace aksmesh::azure {

/// A managed cluster as far as a list is asked for it.
struct ListedCluster {
  ClusterId id{};
  std::vector<std::string> hosts{};  ///< the names of its API server, private ones included
};

/// The managed clusters of a subscription that the user may see.
Result<std::vector<ListedCluster>> list_clusters(Arm& arm, const std::string& subscription);
/// The one whose API server has this name, case aside; null when none has.
const ListedCluster* cluster_of_host(const std::vector<ListedCluster>& clusters,
                                     std::string_view host);

/// Whether a host is the API server of some AKS cluster, going by its name.
bool is_cluster_host(std::string_view host);

}  // namespace aksmesh::azure
