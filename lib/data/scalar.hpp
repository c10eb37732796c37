// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "data/tree.hpp"

namespace aksmesh::data {

/// What an unquoted YAML scalar means to Kubernetes, which reads YAML 1.1: `on`, `yes` and `n` are
/// booleans, `~` is null, `0x10` and `010` are numbers.
NodeKind resolve_plain(std::string_view text);
/// One of the YAML 1.1 words for true.
bool is_true_word(std::string_view text);
/// Decimal, 0x, 0o, 0b and leading-zero octal, with underscores; nothing when it does not fit 64
/// bits.
std::optional<std::int64_t> parse_integer(std::string_view text);
std::optional<double> parse_floating(std::string_view text);

}  // namespace aksmesh::data
