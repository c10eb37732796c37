// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "data/tree.hpp"

namespace aksmesh::data {

/// The root of a built-in JSON table by its path below the checkout, read once and kept; absent
/// when there is none of that name.
Node table(std::string_view path);

}  // namespace aksmesh::data
