// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "istio/validation/common.hpp"

// The values that an AuthorizationPolicy compares with.
namespace aksmesh::istio::validation {

/// AP-11.
void check_entries(const Node& list, Problems& out);
/// AP-12, without empty entries.
void check_addresses(const Node& list, Problems& out);
/// AP-13, without empty entries.
void check_service_accounts(const Node& list, Problems& out);
/// AP-14: ports and paths, without empty entries.
void check_port_texts(const Node& list, Problems& out);
void check_paths(const Node& list, Problems& out);
/// AP-15, and AP-11 of its values.
void check_condition(const Node& condition, Problems& out);

}  // namespace aksmesh::istio::validation
