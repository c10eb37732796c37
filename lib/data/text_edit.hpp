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

/// Edits that can be made together, in the order of the text.
struct SettledEdits {
  std::vector<TextEdit> edits{};
  std::size_t dropped = 0;  ///< repairs
};
/// Puts repairs together, each of which is made as a whole or not at all: what overlaps an earlier
/// one is dropped. Edits that repeat are made once.
SettledEdits settle_repairs(const std::vector<std::vector<TextEdit>>& repairs);
/// Applies settled edits.
std::string apply_edits(std::string_view text, const std::vector<TextEdit>& edits);
/// What settled edits change, in unified format with three lines of context; empty without edits.
std::string edits_as_diff(const std::string& name, std::string_view text,
                          const std::vector<TextEdit>& edits);

/// Whether what stands at `node` is read there alone: nothing between it and `root` came in through
/// an alias or a merge key, or has an anchor by which others may read it.
bool is_read_once(const Node& root, const Node& node);

// Edits of a document's values, written in the style in which they stand (plain, quoted). Nothing
// when the place cannot be edited safely: an alias, an entry of a merge key, an anchor or a tag.

/// Another value for a scalar.
std::optional<TextEdit> replace_scalar(const Node& scalar, std::string_view value);
/// Another name for the key of a mapping's value.
std::optional<TextEdit> rename_key(const Node& value, std::string_view key);
/// `old: 5` becomes `key: {inner: 5}`.
std::optional<TextEdit> wrap_value(const Node& value, std::string_view key, std::string_view inner);
/// Takes an entry of a mapping out: with its line, or in flow style with its comma.
std::optional<TextEdit> remove_entry(const Node& value);

}  // namespace aksmesh::data
