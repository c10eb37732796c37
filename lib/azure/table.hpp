// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "data/tree.hpp"

namespace aksmesh::azure {

/// The root of a built-in table of lib/azure/tables, read once and kept; absent when there is none
/// of that name.
data::Node table(std::string_view file_name);

}  // namespace aksmesh::azure
