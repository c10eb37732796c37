// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "istio/validation/common.hpp"

namespace aksmesh::istio::validation {

/// Absent is NONE.
std::string_view resolution_of(const Node& spec);
/// The end of SE-06: without addresses of its own or allocated ones, a port for TCP takes the
/// traffic to every address.
void check_tcp_addresses(const Node& spec, Problems& out);

}  // namespace aksmesh::istio::validation
