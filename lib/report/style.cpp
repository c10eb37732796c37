// SPDX-License-Identifier: Apache-2.0
#include "report/style.hpp"

namespace aksmesh::report {

std::string Style::paint(Tone tone, std::string_view text) const {
  if (!color || text.empty()) return std::string(text);
  std::string_view code;
  switch (tone) {
    case Tone::broken: code = "31"; break;
    case Tone::attention: code = "33"; break;
    case Tone::done: code = "32"; break;
    case Tone::name: code = "1"; break;
    case Tone::aside: code = "2"; break;
  }
  return std::string("\033[").append(code).append("m").append(text).append("\033[0m");
}

std::string_view Style::mark(Severity severity) const {
  switch (severity) {
    case Severity::error: return ascii ? "ERR" : "✖";
    case Severity::warning: return ascii ? "WARN" : "▲";
    case Severity::info: break;
  }
  return ascii ? "info" : "ℹ";
}

Tone tone_of(Severity severity) {
  switch (severity) {
    case Severity::error: return Tone::broken;
    case Severity::warning: return Tone::attention;
    case Severity::info: break;
  }
  return Tone::aside;
}

std::string wrap(std::string_view text, std::size_t width, std::string_view indent,
                 std::optional<std::size_t> taken) {
  std::string out;
  std::size_t column = taken.value_or(indent.size());
  for (const auto word : split(text, ' ')) {
    const auto length = utf8_length(word);
    if (!out.empty() && width != 0 && column + 1 + length > width) {
      out.append("\n").append(indent);
      column = indent.size();
    } else if (!out.empty()) {
      out += ' ';
      ++column;
    }
    out.append(word);
    column += length;
  }
  return out;
}

std::string shorten(std::string_view text, std::size_t width, std::string_view ellipsis) {
  const auto length = utf8_length(text);
  const auto dots = utf8_length(ellipsis);
  if (length <= width || width < dots + 2) return std::string(text);
  const auto kept = width - dots;
  std::string out;
  for (std::size_t i = 0; i < kept - kept / 2 && !text.empty(); ++i)
    append_utf8(out, take_code_point(text));
  for (std::size_t i = 0; i < length - kept && !text.empty(); ++i) take_code_point(text);
  return out.append(ellipsis).append(text);
}

}  // namespace aksmesh::report
