// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "istio/validation/common.hpp"

namespace aksmesh::istio::validation {

/// What a scalar of protobuf or one of its well-known messages (google.protobuf.Duration and the
/// like) must be when the value is not: `a whole number from 0 to 4294967295`. Empty when it fits,
/// or when the type is neither.
std::string envoy_scalar_fault(const Node& value, std::string_view type);

/// True for the well-known messages that are no mapping of their fields in JSON.
bool is_well_known_message(std::string_view type);

}  // namespace aksmesh::istio::validation
