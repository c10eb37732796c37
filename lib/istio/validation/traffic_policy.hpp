// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "istio/validation/common.hpp"

// Parts of a DestinationRule's trafficPolicy, some of which a Sidecar has too.
namespace aksmesh::istio::validation {

/// DR-04.
void check_outlier_detection(const Node& outlier, Problems& out);
/// DR-05.
void check_connection_pool(const Node& pool, Problems& out);
/// DR-06 to DR-08. Failover works with outlier detection only.
void check_load_balancer(const Node& balancer, const Node& outlier, Problems& out);
/// DR-07.
void check_locality(const Node& setting, const Node& outlier, Problems& out);
/// DR-09.
void check_client_tls(const Node& tls, std::string_view name_space, Problems& out);

}  // namespace aksmesh::istio::validation
