// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace aksmesh::data {

/// Appends a JSON text that has no blanks between its tokens, a line for each member and element,
/// as report::to_json_text writes them. `depth` is how many containers it stands in.
void append_indented(std::string& out, std::string_view compact, std::size_t depth);

}  // namespace aksmesh::data
