// SPDX-License-Identifier: Apache-2.0
#include "data/yaml_text.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

#include "base/strings.hpp"
#include "data/scalar.hpp"

namespace aksmesh::data {
namespace {

/// What stands for itself in every style and version: printable, no line break of YAML 1.1 (U+0085,
/// U+2028, U+2029) and no byte-order mark.
bool stands_for_itself(std::uint32_t code) {
  if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return false;
  return code != 0x2028 && code != 0x2029 && code != 0xFEFF && code != 0xFFFE && code != 0xFFFF;
}

/// Whether a text needs no escape but for the characters of `others`.
bool needs_no_escape(std::string_view text, std::string_view others) {
  if (find_invalid_utf8(text) != std::string_view::npos) return false;
  while (!text.empty()) {
    const char first = text.front();
    if (!stands_for_itself(take_code_point(text)) && others.find(first) == std::string_view::npos)
      return false;
  }
  return true;
}

/// YAML 1.1 has dates, times, numbers of base 60 and numbers with underscores that resolve_plain
/// need not know, as Kubernetes does not. They begin with a digit and hold few other signs; quoting
/// one word too many does no harm.
bool may_be_number_or_time(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('.')) text.remove_prefix(1);
  return !text.empty() && text.front() >= '0' && text.front() <= '9' &&
         text.find_first_not_of("0123456789abcdefABCDEFxXoO:-.+_TtZz ") == std::string_view::npos;
}

bool may_be_plain(std::string_view text) {
  if (resolve_plain(text) != NodeKind::string || may_be_number_or_time(text)) return false;
  if (text == "=" || text == "<<" || text.starts_with("---") || text.starts_with("..."))
    return false;
  // Indicators at the front; `-`, `?` and `:` would do before a letter, but are not worth it.
  if (std::string_view("-?:,[]{}#&*!|>'\"%@` ").find(text.front()) != std::string_view::npos)
    return false;
  if (text.back() == ' ' || text.back() == ':') return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos)
    return false;
  return needs_no_escape(text, {});
}

/// Lines that a literal block gives back: the first one sets the indentation, so it must not begin
/// with a blank, and a line of blanks only reads differently from reader to reader.
bool may_be_block(std::string_view text) {
  if (text.find('\n') == std::string_view::npos || text.front() == '\n') return false;
  for (const auto line : split(text, '\n'))
    if (line.starts_with('\t') || (line.starts_with(' ') && trim(line).empty())) return false;
  return text.front() != ' ' && needs_no_escape(text, "\n\t");
}

void append_escape(std::string& out, std::uint32_t code) {
  std::array<char, 12> text{};
  const char* form = code < 0x100 ? "\\x%02X" : "\\u%04X";
  std::snprintf(text.data(), text.size(), form, static_cast<unsigned>(code));
  out += text.data();
}

}  // namespace

std::string yaml_quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const auto code = take_code_point(text);
    switch (code) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (stands_for_itself(code))
          append_utf8(out, code);
        else
          append_escape(out, code);
    }
  }
  return out + '"';
}

std::string yaml_scalar(std::string_view text) {
  return may_be_plain(text) ? std::string(text) : yaml_quoted(text);
}

std::string yaml_block(std::string_view text, std::string_view indent) {
  if (!may_be_block(text)) return yaml_scalar(text);
  std::string out = "|";
  if (!text.ends_with('\n'))
    out += '-';
  else if (text.ends_with("\n\n"))
    out += '+';
  if (text.ends_with('\n')) text.remove_suffix(1);
  for (const auto line : split(text, '\n')) {
    out += '\n';
    if (!line.empty()) out.append(indent).append(line);
  }
  return out;
}

}  // namespace aksmesh::data
