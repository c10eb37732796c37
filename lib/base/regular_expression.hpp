// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace aksmesh {

/// Whether a regular expression matches the whole of a text. Knows what lists of names need:
/// characters, `.`, classes, groups, `|`, `*`, `+`, `?`, anchors at the ends and `\d`, `\w`, `\s`.
/// Nothing for an expression with anything else, one that is broken, or one of more than 2000
/// bytes. Time is at most the product of both lengths.
std::optional<bool> matches_whole(std::string_view expression, std::string_view text);

}  // namespace aksmesh
