// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace aksmesh::envoy {

/// A regular expression of RE2 for this name alone, as Envoy's admin port takes it as `name_regex`;
/// empty for an empty one.
std::string quoted_name(std::string_view name);

}  // namespace aksmesh::envoy
