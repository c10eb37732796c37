// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <set>
#include <vector>

#include "istio/validation/regex_atom.hpp"
#include "istio/validation/regex_cursor.hpp"
#include "istio/validation/syntax.hpp"

// The syntax of RE2 (github.com/google/re2/wiki/Syntax) as Go reads it, which is what istiod tries
// an expression with.
namespace aksmesh::istio::validation {
namespace {

constexpr int kMostRepetitions = 1000;
constexpr std::size_t kDeepest = 1000;

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

class Syntax : public RegexCursor {
 public:
  explicit Syntax(std::string_view expression) : RegexCursor(expression) {}

  std::string fault() {
    while (!rest_.empty()) next();
    if (fault_.empty() && groups_.size() > 1) fail("a ( without )");
    return fault_;
  }

 private:
  /// What stands before a repetition.
  struct Last {
    bool can_repeat = false;
    bool is_repetition = false;
    int product = 1;  ///< of the counts that are nested in it
  };
  /// A group that is open, or the whole.
  struct Group {
    Last last{};
    int most = 1;  ///< the greatest product in it
  };

  void next();
  void open();
  void close();
  void atom();
  bool flags();
  void name();
  std::optional<int> repetition();
  std::optional<int> count();
  void repeat(Last& last, int count);

  std::set<std::string_view> names_{};
  std::vector<Group> groups_ = std::vector<Group>(1);
};

void Syntax::next() {
  if (take("("))
    open();
  else if (take(")"))
    close();
  else if (take("|"))
    groups_.back().last = {};
  else if (const auto times = repetition())
    repeat(groups_.back().last, *times);
  else
    atom();
  auto& group = groups_.back();
  group.most = std::max(group.most, group.last.product);
}

void Syntax::open() {
  if (take("?P<") || take("?<")) {
    name();
  } else if (take("?") && !flags()) {
    groups_.back().last.is_repetition = false;
    return;
  }
  groups_.emplace_back();
  if (groups_.size() > kDeepest) fail("groups nest too deeply");
}

void Syntax::close() {
  if (groups_.size() == 1) return fail("a ) without (");
  const auto product = groups_.back().most;
  groups_.pop_back();
  groups_.back().last = {.can_repeat = true, .product = product};
}

void Syntax::atom() {
  auto& last = groups_.back().last;
  if (take("\\Q")) {
    const auto end = rest_.find("\\E");
    const bool empty = rest_.empty() || end == 0;
    rest_.remove_prefix(std::min(end == std::string_view::npos ? end : end + 2, rest_.size()));
    last.can_repeat = last.can_repeat || !empty;
    last.is_repetition = false;
    return;
  }
  const auto fault = take_regex_atom(rest_);
  if (!fault.empty()) fail(fault);
  last = {.can_repeat = true};
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
  constexpr std::size_t kLongest = 32;
  const auto end = rest_.substr(0, kLongest).find('}');
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

}  // namespace

std::string regex_fault(std::string_view expression) {
  return Syntax(expression).fault();
}

}  // namespace aksmesh::istio::validation
