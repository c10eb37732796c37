// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "azure/arm.hpp"
#include "azure/cluster_id.hpp"

namespace aksmesh::azure {

/// The names of a cluster's maintenance configurations: `default` steers the patches of AKS and of
/// the mesh, others the upgrades of Kubernetes and of node images.
Result<std::vector<std::string>> get_maintenance(Arm& arm, const ClusterId& cluster);

}  // namespace aksmesh::azure
