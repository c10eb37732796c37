// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace aksmesh::checks {

/// How many names one finding lists. Where many objects share one conflict each of them has a
/// finding, and their texts together would grow with the square of their number.
inline constexpr std::size_t kLongestList = 100;

/// The names sorted, as an argument of a message: `[a b]`; of very many only the first, then `...`.
std::string short_list(std::vector<std::string> names);

}  // namespace aksmesh::checks
