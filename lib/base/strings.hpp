// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aksmesh {

/// Splits at every `separator`; an empty text yields no part.
std::vector<std::string_view> split(std::string_view text, char separator);
std::vector<std::string_view> split(std::string&& text,
                                    char separator) = delete;  // parts would dangle
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string_view trim(std::string_view text);
std::string to_lower(std::string_view text);
/// Replaces every occurrence of `from`, which must not be empty.
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);
/// The text as one word of a POSIX shell, in quotes when it needs them.
std::string shell_word(std::string_view text);
/// `*` matches any run of characters; everything else itself.
bool wildcard_match(std::string_view pattern, std::string_view text);

/// Named arguments of a message, in the order in which they were given.
using Arguments = std::vector<std::pair<std::string, std::string>>;
/// Puts the arguments into `{name}` places; a name that is not given stays as it is.
std::string fill(std::string_view pattern, const Arguments& arguments);

/// Number of code points; text is taken as valid UTF-8.
std::size_t utf8_length(std::string_view text);
/// Byte offset of the first ill-formed sequence, or npos when all is well-formed.
std::size_t find_invalid_utf8(std::string_view text);
/// The text with each ill-formed byte replaced by U+FFFD.
std::string to_valid_utf8(std::string_view text);
/// Appends one code point.
void append_utf8(std::string& out, std::uint32_t code);
/// Takes the first code point off a text that is not empty; U+FFFD for an ill-formed byte.
std::uint32_t take_code_point(std::string_view& text);
/// A part of a path, or a value of a query, as it stands in a URL.
std::string url_escaped(std::string_view text);
/// "1 file", "2 files".
std::string plural(std::size_t count, std::string_view singular, std::string_view many = {});

}  // namespace aksmesh
