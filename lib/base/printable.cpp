// SPDX-License-Identifier: Apache-2.0
#include "base/printable.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

#include "base/strings.hpp"

namespace aksmesh {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

bool is_control(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x2028 || code == 0x2029;
}

/// Marks, embeddings, overrides and isolates of the bidirectional algorithm.
bool reorders(std::uint32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

std::string escape(std::uint32_t code) {
  switch (code) {
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
  }
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\u%04x", static_cast<unsigned>(code));
  return text.data();
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto before = text;
    const auto code = take_code_point(text);
    const auto bytes = before.substr(0, before.size() - text.size());
    // An old terminal obeys the lone bytes 0x80 to 0x9F as well.
    const auto byte = static_cast<unsigned char>(bytes.front());
    const bool lone = bytes.size() == 1 && byte >= 0x80 && byte <= 0x9F;
    if (is_control(code) || reorders(code) || lone)
      out += escape(lone ? byte : code);
    else
      out += bytes;
  }
  return out;
}

std::string printable_line(std::string_view line) {
  std::string out;
  while (!line.empty()) {
    const auto code = take_code_point(line);
    append_utf8(out, code != '\t' && (is_control(code) || reorders(code)) ? kReplacement : code);
  }
  return out;
}

}  // namespace aksmesh
