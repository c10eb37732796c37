// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/tree.hpp"

// Changes of a text by byte ranges, so that comments and layout around them stay as they are.
namespace aksmesh::data {

/// Puts `text` in the place of the bytes [begin, end).
struct TextEdit {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string text{};
  bool operator==(const TextEdit&) const = default;
};

/// Sorts the edits and drops those that repeat or overlap an earlier one. Returns how many were
/// dropped for overlapping.
std::size_t settle_edits(std::vector<TextEdit>& edits);
/// Applies settled edits.
std::string apply_edits(std::string_view text, const std::vector<TextEdit>& edits);
/// What settled edits change, in unified format with three lines of context; empty without edits.
std::string edits_as_diff(const std::string& name, std::string_view text,
                          const std::vector<TextEdit>& edits);

// Edits of a document's values, written in the style in which they stand (plain, quoted). Nothing
// when the place cannot be edited safely.

/// Another value for a scalar.
std::optional<TextEdit> replace_scalar(const Node& scalar, std::string_view value);
/// Another name for the key of a mapping's value.
std::optional<TextEdit> rename_key(const Node& value, std::string_view key);
/// `old: 5` becomes `key: {inner: 5}`.
std::optional<TextEdit> wrap_value(const Node& value, std::string_view key, std::string_view inner);
/// Takes an entry of a mapping in block style out, with its line.
std::optional<TextEdit> remove_entry(const Node& value);

}  // namespace aksmesh::data
