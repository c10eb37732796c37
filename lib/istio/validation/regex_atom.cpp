// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/regex_atom.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "istio/validation/regex_cursor.hpp"
#include "istio/validation/tables.hpp"

namespace aksmesh::istio::validation {
namespace {

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr std::array<std::string_view, 14> kPosixClasses{
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph",
    "lower", "print", "punct", "space", "upper", "word",  "xdigit"};

class Atom : public RegexCursor {
 public:
  explicit Atom(std::string_view rest) : RegexCursor(rest) {}

  std::string take_all() {
    if (take("["))
      character_class();
    else if (take("\\"))
      escaped();
    else
      character();
    return fault_;
  }

 private:
  void escaped();
  char32_t character();
  char32_t escaped_character();
  char32_t code(std::size_t digits, int base);
  void character_class();
  void range();
  bool shorthand();
  void property();
};

char32_t Atom::character() {
  if (rest_.empty()) return 0;
  const auto lead = static_cast<unsigned char>(rest_.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t out = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < std::min(length, rest_.size()); ++i)
    out = out << 6U | (static_cast<unsigned char>(rest_[i]) & 0x3FU);
  rest_.remove_prefix(std::min(length, rest_.size()));
  return out;
}

/// After `\`, outside a class.
void Atom::escaped() {
  if (take("A") || take("b") || take("B") || take("z") || shorthand()) return;
  escaped_character();
}

bool Atom::shorthand() {
  if (front() == 'p' || front() == 'P') {
    property();
    return true;
  }
  return take("d") || take("D") || take("s") || take("S") || take("w") || take("W");
}

void Atom::property() {
  rest_.remove_prefix(1);
  if (!take("{")) {
    const auto start = rest_;
    character();
    if (!is_listed("unicodeClasses", start.substr(0, start.size() - rest_.size())))
      fail("\\p names an unknown class of characters");
    return;
  }
  const auto end = rest_.find('}');
  auto text = rest_.substr(0, end);
  if (text.starts_with('^')) text.remove_prefix(1);
  if (end == std::string_view::npos || !is_listed("unicodeClasses", text))
    return fail("\\p names an unknown class of characters");
  rest_.remove_prefix(end + 1);
}

/// A number of up to `digits` digits from the front.
char32_t Atom::code(std::size_t digits, int base) {
  std::uint32_t value = 0xFFFFFFFF;  // stays when there is none
  const auto text = rest_.substr(0, digits);
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value, base).ptr;
  rest_.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

/// After `\`, a single character.
char32_t Atom::escaped_character() {
  if (rest_.empty()) {
    fail("a single \\ at the end");
    return 0;
  }
  const char c = front();
  if (c == '0') return code(3, 8);
  if (c >= '1' && c <= '7' && rest_.size() > 1 && is_octal(rest_[1])) return code(3, 8);
  rest_.remove_prefix(1);
  if (c == 'x' && take("{")) {
    const auto value = code(rest_.size(), 16);
    if (value <= 0x10FFFF && take("}")) return value;
  } else if (c == 'x' && rest_.size() > 1 && is_hex(rest_[0]) && is_hex(rest_[1])) {
    return code(2, 16);
  } else if (const auto at = std::string_view("aftnrv").find(c); at != std::string_view::npos) {
    return static_cast<char32_t>("\a\f\t\n\r\v"[at]);
  } else if (static_cast<unsigned char>(c) < 0x80 && !is_alphanumeric(c)) {
    return static_cast<char32_t>(c);
  }
  fail(c >= '1' && c <= '9' ? "a back-reference" : "an unknown escape with \\");
  return 0;
}

void Atom::character_class() {
  take("^");
  bool first = true;
  while (fault_.empty() && (first || front() != ']')) {
    first = false;
    const auto end = rest_.starts_with("[:") ? rest_.find(":]") : std::string_view::npos;
    if (rest_.empty()) {
      fail("a [ without ]");
    } else if (end != std::string_view::npos && end > 1) {
      auto known = rest_.substr(2, end - 2);
      if (known.starts_with('^')) known.remove_prefix(1);
      if (std::find(kPosixClasses.begin(), kPosixClasses.end(), known) == kPosixClasses.end())
        return fail("an unknown class between [: and :]");
      rest_.remove_prefix(end + 2);
    } else {
      range();
    }
  }
  take("]");
}

/// One item of a class: a character, a range or a shorthand.
void Atom::range() {
  const auto one = [&]() -> char32_t { return take("\\") ? escaped_character() : character(); };
  const auto backslash = rest_;
  if (take("\\") && shorthand()) return;
  rest_ = fault_.empty() ? backslash : std::string_view{};
  const auto from = one();
  if (rest_.size() < 2 || rest_[0] != '-' || rest_[1] == ']') return;
  rest_.remove_prefix(1);
  if (one() < from) fail("a range of characters in the wrong order");
}

}  // namespace

std::string take_regex_atom(std::string_view& rest) {
  Atom atom(rest);
  auto fault = atom.take_all();
  rest = atom.rest();
  return fault;
}

}  // namespace aksmesh::istio::validation
