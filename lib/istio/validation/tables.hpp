// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "data/tree.hpp"

namespace aksmesh::istio::validation {

/// A list of lib/istio/tables/validation.json.
data::Items words(std::string_view list);
/// Whether such a list holds the word.
bool is_listed(std::string_view list, std::string_view word);
/// Its words for a message.
std::string words_of(std::string_view list);
/// A number of `limits` of that table.
std::int64_t limit(std::string_view name);

}  // namespace aksmesh::istio::validation
