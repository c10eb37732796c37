// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace aksmesh::istio::validation {

/// Takes one character, escape or class from the front of an expression that is not empty; why RE2
/// refuses it, empty when it does not.
std::string take_regex_atom(std::string_view& rest);

}  // namespace aksmesh::istio::validation
