// SPDX-License-Identifier: Apache-2.0
#include "data/scalar.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <string>

namespace aksmesh::data {
namespace {

constexpr std::array<std::string_view, 11> kTrue{"true", "True", "TRUE", "yes", "Yes", "YES",
                                                 "on",   "On",   "ON",   "y",   "Y"};
constexpr std::array<std::string_view, 11> kFalse{"false", "False", "FALSE", "no", "No", "NO",
                                                  "off",   "Off",   "OFF",   "n",  "N"};
constexpr std::array<std::string_view, 5> kNull{"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 15> kSpecialFloat{".nan",  ".NaN",  ".NAN",  ".inf",
                                                         ".Inf",  ".INF",  "+.inf", "+.Inf",
                                                         "+.INF", "-.inf", "-.Inf", "-.INF"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view text) {
  return !text.empty() && std::find(words.begin(), words.end(), text) != words.end();
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}

/// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool looks_floating(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const auto from = i;
    while (i < text.size() && digit(text[i])) ++i;
    return i - from;
  };
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
  const auto whole = digits();
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0 && whole == 0) return false;
  } else if (whole == 0) {
    return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

struct Literal {
  bool negative = false;
  int base = 10;
  std::string digits;
};

/// Splits an integer into sign, base and digits; nothing when it is none.
std::optional<Literal> integer_literal(std::string_view text) {
  Literal out;
  if (text.starts_with('-') || text.starts_with('+')) {
    out.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) out.base = 16;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'b' || text[1] == 'B')) out.base = 2;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'o' || text[1] == 'O')) out.base = 8;
  if (out.base != 10)
    text.remove_prefix(2);
  else if (text.size() > 1 && text[0] == '0')
    out.base = 8;
  for (const char c : text) {
    if (c == '_' && !out.digits.empty()) continue;
    int value = 99;
    if (digit(c)) value = c - '0';
    if (c >= 'a' && c <= 'f') value = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') value = c - 'A' + 10;
    if (value >= out.base) return std::nullopt;
    out.digits += c;
  }
  if (out.digits.empty()) return std::nullopt;
  return out;
}

}  // namespace

bool is_true_word(std::string_view text) {
  return is_one_of(kTrue, text);
}

NodeKind resolve_plain(std::string_view text) {
  if (text.empty()) return NodeKind::null;
  const char first = text.front();
  const bool may_be_number = digit(first) || first == '-' || first == '+' || first == '.';
  if (!may_be_number) {
    if (text.size() > 5) return NodeKind::string;
    if (is_one_of(kTrue, text) || is_one_of(kFalse, text)) return NodeKind::boolean;
    if (is_one_of(kNull, text)) return NodeKind::null;
    return NodeKind::string;
  }
  if (integer_literal(text)) return NodeKind::integer;
  if (looks_floating(text) || is_one_of(kSpecialFloat, text)) return NodeKind::floating;
  return NodeKind::string;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  const auto literal = integer_literal(text);
  if (!literal) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : literal->digits) {
    const auto base = static_cast<std::uint64_t>(literal->base);
    const auto digit_value = static_cast<std::uint64_t>(digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    if (value > (std::numeric_limits<std::uint64_t>::max() - digit_value) / base)
      return std::nullopt;
    value = value * base + digit_value;
  }
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (literal->negative) {
    if (value > kMost + 1) return std::nullopt;
    return static_cast<std::int64_t>(~value + 1);
  }
  if (value > kMost) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::optional<double> parse_floating(std::string_view text) {
  if (!looks_floating(text)) return std::nullopt;
  // strtod, because libc++ has no from_chars for double; the program never leaves the C locale.
  return std::strtod(std::string(text).c_str(), nullptr);
}

}  // namespace aksmesh::data
