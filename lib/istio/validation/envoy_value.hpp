// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "istio/validation/common.hpp"

namespace aksmesh::istio::validation {

/// EF-12 and EF-13: the value of a patch as Envoy's message of that full name.
void check_envoy_value(const Node& value, std::string_view message, Problems& out);

}  // namespace aksmesh::istio::validation
