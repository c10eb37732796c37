// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "istio/validation/syntax.hpp"
#include "istio/validation/tables.hpp"

// The syntax of RE2 (github.com/google/re2/wiki/Syntax) as Go reads it, which is what istiod tries
// an expression with.
namespace aksmesh::istio::validation {
namespace {

constexpr int kMostRepetitions = 1000;
constexpr int kDeepest = 1000;

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

class Syntax {
 public:
  explicit Syntax(std::string_view expression) : rest_(expression) {}

  std::string fault() {
    alternatives(0);
    if (!rest_.empty()) fail("a ) without (");
    return fault_;
  }

 private:
  /// What stands before a repetition.
  struct Last {
    bool can_repeat = false;
    bool is_repetition = false;
    int product = 1;  ///< of the counts that are nested in it
  };

  void fail(std::string_view what) {
    if (fault_.empty()) fault_ = what;
    rest_ = {};
  }
  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  char front() const { return rest_.empty() ? '\0' : rest_.front(); }

  int alternatives(int depth);
  Last atom(Last last, int depth);
  Last group(Last last, int depth);
  bool flags();
  void name();
  std::optional<int> repetition();
  std::optional<int> count();
  void repeat(Last& last, int count);
  void escaped();
  char32_t character();
  char32_t escaped_character();
  char32_t code(std::size_t digits, int base);
  void character_class();
  void range();
  bool shorthand();
  void property();

  std::string_view rest_;
  std::string fault_{};
  std::set<std::string_view> names_{};
};

int Syntax::alternatives(int depth) {
  if (depth > kDeepest) fail("groups nest too deeply");
  int most = 1;
  Last last;
  while (!rest_.empty() && front() != ')') {
    if (take("|"))
      last = {};
    else if (const auto times = repetition())
      repeat(last, *times);
    else
      last = atom(last, depth);
    most = std::max(most, last.product);
  }
  return most;
}

Syntax::Last Syntax::atom(Last last, int depth) {
  if (take("(")) return group(last, depth);
  if (take("\\Q")) {
    const auto end = rest_.find("\\E");
    const bool empty = rest_.empty() || end == 0;
    rest_.remove_prefix(std::min(end == std::string_view::npos ? end : end + 2, rest_.size()));
    last.can_repeat = last.can_repeat || !empty;
    last.is_repetition = false;
    return last;
  }
  if (take("["))
    character_class();
  else if (take("\\"))
    escaped();
  else
    character();
  return {.can_repeat = true};
}

Syntax::Last Syntax::group(Last last, int depth) {
  if (take("?P<") || take("?<")) {
    name();
  } else if (take("?") && !flags()) {
    last.is_repetition = false;
    return last;
  }
  const auto product = alternatives(depth + 1);
  if (fault_.empty() && !take(")")) fail("a ( without )");
  return {.can_repeat = true, .product = product};
}

void Syntax::name() {
  const auto end = rest_.find('>');
  const auto text = rest_.substr(0, end);
  const bool good = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || c == '_';
  });
  if (end == std::string_view::npos || !good) return fail("look-behind, or a group's name is bad");
  if (!names_.insert(text).second) return fail("two groups have one name");
  rest_.remove_prefix(end + 1);
}

/// What stands after `(?`; true when a group follows.
bool Syntax::flags() {
  bool minus = false;
  bool any = false;
  for (;;) {
    const char c = front();
    if (c == '\0' || std::string_view("imsU-:)").find(c) == std::string_view::npos) break;
    rest_.remove_prefix(1);
    if (c == ':' || c == ')') {
      if (minus && !any) break;
      return c == ':';
    }
    if (c == '-' && minus) break;
    minus = minus || c == '-';
    any = c != '-';
  }
  fail("(? begins something that RE2 does not know, such as look-around");
  return false;
}

/// `*`, `+`, `?` or a count, with the sign for lazy; the number of times, as far as it matters.
std::optional<int> Syntax::repetition() {
  std::optional<int> times;
  if (take("*") || take("+") || take("?"))
    times = 1;
  else if (front() == '{')
    times = count();
  if (times) take("?");
  return times;
}

std::optional<int> Syntax::count() {
  const auto end = rest_.find('}');
  if (end == std::string_view::npos) return std::nullopt;
  const auto inner = rest_.substr(1, end - 1);
  const auto comma = inner.find(',');
  const auto number = [](std::string_view text) -> std::optional<int> {
    const bool digits = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
    if (!digits || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    int value = kMostRepetitions + 1;  // stays when the number is too long
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  };
  const auto least = number(inner.substr(0, comma));
  const bool open = comma != std::string_view::npos && comma + 1 == inner.size();
  const auto most =
      comma == std::string_view::npos || open ? least : number(inner.substr(comma + 1));
  if (!least || !most) return std::nullopt;  // then `{` is an ordinary character
  if (*most > kMostRepetitions || *least > *most) {
    fail("a count is over 1000, or the greater one comes first");
    return std::nullopt;
  }
  rest_.remove_prefix(end + 1);
  return most;
}

void Syntax::repeat(Last& last, int count) {
  if (last.is_repetition) return fail("a repetition of a repetition");
  if (!last.can_repeat) return fail("a repetition of nothing");
  last.is_repetition = true;
  last.product *= std::max(count, 1);
  if (last.product > kMostRepetitions) fail("nested counts come to over 1000");
}

char32_t Syntax::character() {
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
void Syntax::escaped() {
  if (take("A") || take("b") || take("B") || take("z") || shorthand()) return;
  escaped_character();
}

bool Syntax::shorthand() {
  if (front() == 'p' || front() == 'P') {
    property();
    return true;
  }
  return take("d") || take("D") || take("s") || take("S") || take("w") || take("W");
}

void Syntax::property() {
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
char32_t Syntax::code(std::size_t digits, int base) {
  std::uint32_t value = 0xFFFFFFFF;  // stays when there is none
  const auto text = rest_.substr(0, digits);
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value, base).ptr;
  rest_.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

/// After `\`, a single character.
char32_t Syntax::escaped_character() {
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

void Syntax::character_class() {
  take("^");
  bool first = true;
  while (fault_.empty() && (first || front() != ']')) {
    first = false;
    const auto end = rest_.find(":]");
    if (rest_.empty()) {
      fail("a [ without ]");
    } else if (rest_.starts_with("[:") && end != std::string_view::npos && end > 1) {
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
void Syntax::range() {
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

std::string regex_fault(std::string_view expression) {
  return Syntax(expression).fault();
}

}  // namespace aksmesh::istio::validation
