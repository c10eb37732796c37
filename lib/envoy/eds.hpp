// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "envoy/endpoint.hpp"

namespace aksmesh::envoy {

/// The lists that hold what came by EDS, and the same of static clusters. A dump has them only when
/// it was asked for with include_eds.
inline constexpr std::array<std::string_view, 2> kEdsLists{"static_endpoint_configs",
                                                           "dynamic_endpoint_configs"};

/// All addresses with their ports, commas between; a pipe by its path alone.
std::string eds_name(const EndpointRow& row);
/// As the clusters are sorted; those of one keep their order.
void sort_eds(std::vector<EndpointRow>& rows);
/// The table of `istioctl proxy-config eds`.
report::Table eds_table(const std::vector<EndpointRow>& rows, Columns columns);

}  // namespace aksmesh::envoy
