// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "data/tree.hpp"

namespace aksmesh::data {

/// A value in one spelling, whatever the order of its keys or the style of its scalars; entries of
/// the key `left_out` do not count.
std::string canonical(const Node& node, std::string_view left_out = {});

}  // namespace aksmesh::data
