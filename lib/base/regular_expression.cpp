// SPDX-License-Identifier: Apache-2.0
#include "base/regular_expression.hpp"

#include <bitset>
#include <vector>

namespace aksmesh {
namespace {

constexpr std::size_t kLongest = 2000;
using Characters = std::bitset<256>;

struct State {
  bool consumes = false;
  Characters characters{};
  int next = -1;
  int other = -1;  // a second way without a character
};

/// A part of the automaton with one way in and one way out.
struct Part {
  int in = -1;
  int out = -1;
};

std::size_t byte(char c) {
  return static_cast<unsigned char>(c);
}

Characters range(char from, char to) {
  Characters out;
  for (auto c = byte(from); c <= byte(to); ++c) out.set(c);
  return out;
}

class Compiler {
 public:
  explicit Compiler(std::string_view expression) : rest_(expression) {}

  std::optional<Part> compile() {
    const auto part = alternatives();
    if (broken_ || !rest_.empty()) return std::nullopt;
    return part;
  }
  [[nodiscard]] const std::vector<State>& states() const { return states_; }

 private:
  int add(State state = {}) {
    states_.push_back(state);
    return static_cast<int>(states_.size()) - 1;
  }
  State& at(int state) { return states_[static_cast<std::size_t>(state)]; }
  Part empty() {
    const int state = add();
    return {state, state};
  }
  Part one_of(const Characters& characters) {
    const int out = add();
    return {add({.consumes = true, .characters = characters, .next = out}), out};
  }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  char take_any() {
    const char c = rest_.empty() ? '\0' : rest_.front();
    if (rest_.empty())
      broken_ = true;
    else
      rest_.remove_prefix(1);
    return c;
  }

  Part alternatives() {
    auto all = sequence();
    while (!broken_ && take('|')) {
      const auto more = sequence();
      const int in = add({.next = all.in, .other = more.in});
      const int out = add();
      at(all.out).next = out;
      at(more.out).next = out;
      all = {in, out};
    }
    return all;
  }

  Part sequence() {
    auto all = empty();
    while (!broken_ && !rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
      const auto part = repeated(atom());
      at(all.out).next = part.in;
      all.out = part.out;
    }
    return all;
  }

  Part repeated(Part part) {
    const char sign = rest_.empty() ? '\0' : rest_.front();
    if (sign == '{') broken_ = true;
    if (broken_ || (sign != '*' && sign != '+' && sign != '?')) return part;
    rest_.remove_prefix(1);
    take('?');  // a lazy sign finds the same texts
    const int out = add();
    at(part.out).next = out;
    if (sign != '?') at(part.out).other = part.in;
    return {sign == '+' ? part.in : add({.next = part.in, .other = out}), out};
  }

  Part atom() {
    const char c = take_any();
    switch (c) {
      case '(': return group();
      case '[': return one_of(character_class());
      case '.': return one_of(~Characters{});
      case '\\': return one_of(escaped());
      case '^':
      case '$': broken_ = broken_ || !at_an_end(c); return empty();
      case '*':
      case '+':
      case '?':
      case '{': broken_ = true; return empty();
      default: return one_of(range(c, c));
    }
  }

  /// Anchors say nothing new at the ends of the whole expression, and something rare elsewhere.
  bool at_an_end(char anchor) const { return anchor == '$' ? rest_.empty() : states_.size() == 1; }

  Part group() {
    if (take('?') && !take(':')) broken_ = true;
    const auto inner = alternatives();
    if (!take(')')) broken_ = true;
    return inner;
  }

  Characters escaped() {
    const char c = take_any();
    switch (c) {
      case 'd': return range('0', '9');
      case 'w': return range('0', '9') | range('a', 'z') | range('A', 'Z') | range('_', '_');
      case 's': return range(' ', ' ') | range('\t', '\r');
      default: break;
    }
    const bool letter = (range('0', '9') | range('a', 'z') | range('A', 'Z')).test(byte(c));
    broken_ = broken_ || letter;
    return range(c, c);
  }

  Characters character_class() {
    const bool inverted = take('^');
    Characters out;
    bool first = true;
    while (!broken_ && (first || !rest_.starts_with(']'))) {
      first = false;
      const char from = take_any();
      if (from == '[' || from == '\\') {
        out |= from == '\\' ? escaped() : range('[', '[');
        broken_ = broken_ || (from == '[' && rest_.starts_with(':'));
      } else if (rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']') {
        take('-');
        out |= range(from, take_any());
      } else {
        out.set(byte(from));
      }
    }
    if (!take(']')) broken_ = true;
    return inverted ? ~out : out;
  }

  std::string_view rest_;
  std::vector<State> states_;
  bool broken_ = false;
};

/// The states that are reached from one without a character.
void reach(const std::vector<State>& states, int from, std::vector<char>& reached) {
  std::vector<int> open{from};
  while (!open.empty()) {
    const int state = open.back();
    open.pop_back();
    if (state < 0 || reached[static_cast<std::size_t>(state)] != 0) continue;
    reached[static_cast<std::size_t>(state)] = 1;
    const auto& here = states[static_cast<std::size_t>(state)];
    if (here.consumes) continue;
    open.push_back(here.next);
    open.push_back(here.other);
  }
}

}  // namespace

std::optional<bool> matches_whole(std::string_view expression, std::string_view text) {
  if (expression.size() > kLongest) return std::nullopt;
  Compiler compiler(expression);
  const auto whole = compiler.compile();
  if (!whole) return std::nullopt;
  const auto& states = compiler.states();
  std::vector<char> now(states.size(), 0);
  reach(states, whole->in, now);
  for (const char c : text) {
    std::vector<char> then(states.size(), 0);
    for (std::size_t i = 0; i < states.size(); ++i)
      if (now[i] != 0 && states[i].consumes && states[i].characters.test(byte(c)))
        reach(states, states[i].next, then);
    now = std::move(then);
  }
  return now[static_cast<std::size_t>(whole->out)] != 0;
}

}  // namespace aksmesh
