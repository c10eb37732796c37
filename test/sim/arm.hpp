// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "state.hpp"

namespace aksmesh::sim {

/// Resource Manager and the container service behind it. The token has been looked at.
Response answer_arm(State& state, const Request& request, const Effect& effect);
/// GET /metadata/endpoints, which needs no token.
Response cloud_metadata(const State& state);

/// The reads below one cluster, in cluster_reads.cpp.
Response mesh_upgrade_profiles(const State& state, const Cluster& cluster, bool list);
Response upgrade_profile(const Cluster& cluster);
Response agent_pools(const Cluster& cluster);
Response maintenance_configurations(const Cluster& cluster);
Response credentials(const State& state, const Cluster& cluster, const Request& request,
                     bool admin);

}  // namespace aksmesh::sim
