// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aksmesh {

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Up to three candidates that the user may have meant, nearest first: within distance 2 (1 for
/// words of up to three letters), ignoring case, or made of the same letters.
std::vector<std::string> suggestions(std::string_view typed,
                                     const std::vector<std::string>& candidates);

}  // namespace aksmesh
