// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aksmesh::istio::validation {

/// Whether a list of lib/istio/tables/validation.json holds the word.
bool is_listed(std::string_view list, std::string_view word);
/// The words of a list for a message.
std::string words_of(std::string_view list);
/// A number of `limits` of that table.
std::int64_t limit(std::string_view name);

}  // namespace aksmesh::istio::validation
