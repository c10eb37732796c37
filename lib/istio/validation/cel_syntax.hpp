// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace aksmesh::istio::validation {

/// Why a text is no expression of the Common Expression Language, empty when it is one. Only the
/// syntax is looked at, as cel-go reads it without extensions: names and types are not.
std::string cel_fault(std::string_view expression);

}  // namespace aksmesh::istio::validation
