// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// JSON that keeps the order of members and the spelling of every number.
namespace aksmesh::sim {

using Json = nlohmann::ordered_json;

/// Nothing when the text is not JSON. A number that would change its spelling (1.0e2, or one beyond
/// 64 bits) is kept as a marked string, which dump() turns back.
std::optional<Json> parse(std::string_view text);
std::string dump(const Json& value, int indent = -1);

/// The member at a path of names, or a null.
const Json& at(const Json& value, std::initializer_list<std::string_view> path);
/// The text at a path; empty when there is none.
std::string text_at(const Json& value, std::initializer_list<std::string_view> path);
bool flag_at(const Json& value, std::initializer_list<std::string_view> path);
/// The strings of a sequence.
std::vector<std::string> texts(const Json& value);

/// Sets the value at a path with dots, where a number or the `name` of an item leads into a
/// sequence. False when the path leads through something else.
bool set_path(Json& value, std::string_view path, const Json& to);

/// Where two values differ: {path, before?, after?} each, items of sequences by their `name` or
/// position.
Json differences(const Json& before, const Json& after);

}  // namespace aksmesh::sim
