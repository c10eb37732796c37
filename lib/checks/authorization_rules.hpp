// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "checks/check.hpp"
#include "mesh/authorization.hpp"

namespace aksmesh::checks {

/// Whom a rule of an AuthorizationPolicy lets do everything: `any caller`, or `any workload of the
/// mesh`; empty for a rule that tells anything else apart.
std::string_view everyone_of(const Node& rule);

}  // namespace aksmesh::checks
