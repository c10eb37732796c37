// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace aksmesh::checks {

/// How many names of objects one finding lists. Where many objects share one conflict each of them
/// has a finding, and their texts together would grow with the square of their number.
inline constexpr std::size_t kMostNames = 100;

/// The names sorted and joined by commas; beyond kMostNames it says `and others`.
std::string name_list(std::vector<std::string> names);

}  // namespace aksmesh::checks
