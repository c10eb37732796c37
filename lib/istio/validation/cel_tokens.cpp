// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/cel_tokens.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>

namespace aksmesh::istio::validation {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}
bool is_name_start(char c) {
  return c == '_' || std::isalpha(static_cast<unsigned char>(c)) != 0;
}
bool is_name(char c) {
  return is_name_start(c) || is_digit(c);
}

// The longest first.
constexpr std::array<std::string_view, 24> kMarks{"==", "!=", "<=", ">=", "&&", "||", "<", ">",
                                                  "[",  "]",  "{",  "}",  "(",  ")",  ".", ",",
                                                  "-",  "!",  "?",  ":",  "+",  "*",  "/", "%"};

bool integer_fits(std::string_view text, CelToken kind, bool is_negative) {
  if (kind == CelToken::unsigned_integer) text.remove_suffix(1);
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const bool signed_fits = value <= kMost + (is_negative ? 1 : 0);
  return read.ec == std::errc{} && (kind == CelToken::unsigned_integer || signed_fits);
}

bool fraction_fits(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  // One that is too small is 0.
  return read.ec != std::errc::result_out_of_range || text.find('-') != std::string_view::npos;
}

}  // namespace

std::string cel_number_fault(const CelPiece& number, bool is_negative) {
  const auto [kind, text, at] = number;
  const bool is_integer = kind == CelToken::integer || kind == CelToken::unsigned_integer;
  const bool fits = is_integer ? integer_fits(text, kind, is_negative)
                               : kind != CelToken::floating || fraction_fits(text);
  return fits ? std::string{} : std::string(text) + " does not fit into 64 bits";
}

CelPiece CelTokens::take(CelToken kind, std::size_t end) {
  const CelPiece piece{kind, text_.substr(at_, end - at_), at_};
  at_ = end;
  return piece;
}

void CelTokens::fail(std::string what) {
  if (fault_.empty()) fault_ = std::move(what);
}

void CelTokens::skip_blanks() {
  while (at_ < text_.size()) {
    if (std::string_view(" \t\r\n\f").find(front()) != std::string_view::npos)
      ++at_;
    else if (front() == '/' && front(1) == '/')
      at_ = run(at_, [](char c) { return c != '\n'; });
    else
      return;
  }
}

CelPiece CelTokens::next() {
  skip_blanks();
  if (at_ >= text_.size() || !fault_.empty()) return {CelToken::end, {}, at_};
  std::size_t prefix = 0;
  if (is_quote_ahead(prefix)) return quoted(prefix);
  const char c = front();
  if (is_digit(c) || (c == '.' && is_digit(front(1)))) return number();
  if (is_name_start(c)) return word();
  return c == '`' ? quoted_name() : mark();
}

CelPiece CelTokens::number() {
  if (front() == '0' && front(1) == 'x' && is_hex(front(2))) {
    const auto end = run(at_ + 2, is_hex);
    const bool is_unsigned = end < text_.size() && (text_[end] == 'u' || text_[end] == 'U');
    return is_unsigned ? take(CelToken::unsigned_integer, end + 1) : take(CelToken::integer, end);
  }
  const auto char_at = [&](std::size_t at) { return at < text_.size() ? text_[at] : '\0'; };
  auto end = run(at_, is_digit);
  auto kind = CelToken::integer;
  if (char_at(end) == '.' && is_digit(char_at(end + 1))) {
    end = run(end + 1, is_digit);
    kind = CelToken::floating;
  }
  if (char_at(end) == 'e' || char_at(end) == 'E') {
    const bool sign = char_at(end + 1) == '+' || char_at(end + 1) == '-';
    const auto digits = end + (sign ? 2 : 1);
    if (is_digit(char_at(digits))) return take(CelToken::floating, run(digits, is_digit));
  }
  const bool is_unsigned = char_at(end) == 'u' || char_at(end) == 'U';
  if (kind == CelToken::integer && is_unsigned) return take(CelToken::unsigned_integer, end + 1);
  return take(kind, end);
}

CelPiece CelTokens::word() {
  auto piece = take(CelToken::name, run(at_, is_name));
  if (piece.text == "in") piece.kind = CelToken::mark;
  if (piece.text == "true" || piece.text == "false" || piece.text == "null")
    piece.kind = CelToken::literal;
  return piece;
}

CelPiece CelTokens::quoted_name() {
  const auto end = run(at_ + 1, [](char c) {
    return is_name(c) || std::string_view(".-/ ").find(c) != std::string_view::npos;
  });
  if (end > at_ + 1 && end < text_.size() && text_[end] == '`')
    return take(CelToken::quoted_name, end + 1);
  fail("between two ` stand letters, digits and _.-/ only");
  return {CelToken::end, {}, at_};
}

CelPiece CelTokens::mark() {
  const auto rest = text_.substr(at_);
  const auto* found = std::find_if(kMarks.begin(), kMarks.end(),
                                   [&](std::string_view mark) { return rest.starts_with(mark); });
  if (found != kMarks.end()) return take(CelToken::mark, at_ + found->size());
  fail(front() == '=' ? "= is no operator; two values are compared by ==" : "no token begins so");
  return {CelToken::end, {}, at_};
}

bool CelTokens::is_quote_ahead(std::size_t& prefix) const {
  const auto lower = [](char c) { return static_cast<char>(c | 0x20); };
  if (lower(front()) == 'b') ++prefix;
  if (lower(front(prefix)) == 'r') ++prefix;
  const char quote = front(prefix);
  return quote == '"' || quote == '\'';
}

CelPiece CelTokens::quoted(std::size_t prefix) {
  const auto marks = text_.substr(at_, prefix);
  const bool raw = !marks.empty() && (marks.back() == 'r' || marks.back() == 'R');
  const auto rest = text_.substr(at_ + prefix);
  const std::string three(3, rest.front());
  // Two quotes and a third that never ends are an empty text and a broken one.
  const bool is_long = rest.starts_with(three) && rest.find(three, 3) != std::string_view::npos;
  const auto quote = rest.substr(0, is_long ? 3 : 1);
  auto at = at_ + prefix + quote.size();
  while (at < text_.size()) {
    if (text_.substr(at).starts_with(quote)) return take(CelToken::literal, at + quote.size());
    if (!is_long && (text_[at] == '\n' || text_[at] == '\r')) break;
    at = text_[at] == '\\' && !raw ? escape(at, marks) : at + 1;
    if (!fault_.empty()) return {CelToken::end, {}, at_};
  }
  fail("the text is not closed");
  return {CelToken::end, {}, at_};
}

/// The place after the escape that begins at `at`.
std::size_t CelTokens::escape(std::size_t at, std::string_view prefix) {
  const auto rest = text_.substr(at + 1);
  const char kind = rest.empty() ? '\0' : rest.front();
  const bool bytes = !prefix.empty() && (prefix.front() == 'b' || prefix.front() == 'B');
  if (kind != '\0' && std::string_view("abfnrtv\"'\\?`").find(kind) != std::string_view::npos)
    return at + 2;
  if (kind >= '0' && kind <= '3') {
    const auto octal = rest.substr(0, 3);
    if (octal.size() == 3 && octal.find_first_not_of("01234567") == std::string_view::npos)
      return at + 4;
  }
  const std::size_t digits = kind == 'x' || kind == 'X' ? 2
                             : kind == 'u' && !bytes    ? 4
                             : kind == 'U' && !bytes    ? 8
                                                        : 0;
  std::uint32_t code = 0;
  const auto hex = rest.substr(std::min<std::size_t>(1, rest.size()), digits);
  const auto read = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
  const bool all = digits > 0 && hex.size() == digits && read.ptr == hex.data() + hex.size();
  const bool is_character = code < 0xD800 || (code > 0xDFFF && code <= 0x10FFFF);
  if (all && is_character) return at + 2 + digits;
  fail("\\ begins no escape that is allowed here");
  return at;
}

}  // namespace aksmesh::istio::validation
