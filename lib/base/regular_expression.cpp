// SPDX-License-Identifier: Apache-2.0
#include "base/regular_expression.hpp"

#include <utility>

namespace aksmesh {

// Named in the header as a friend, so it cannot hide in a namespace without a name.
class RegularExpressionCompiler {
 public:
  explicit RegularExpressionCompiler(std::string_view expression) : rest_(expression) {}

  std::optional<RegularExpression> compile() {
    const auto part = alternatives();
    if (broken_ || !rest_.empty()) return std::nullopt;
    RegularExpression out;
    out.states_ = std::move(states_);
    out.in_ = part.in;
    out.out_ = part.out;
    return out;
  }

 private:
  using Characters = RegularExpression::Characters;
  using Step = RegularExpression::Step;
  using State = RegularExpression::State;

  static constexpr std::size_t kMostStates = 20'000;  // what counts in braces may add up to
  static constexpr int kMostCount = 1000;             // as RE2

  /// A part of the automaton with one way in and one way out.
  struct Part {
    int in = -1;
    int out = -1;
  };
  struct Count {
    int least = 0;
    int most = 0;  // -1 for any number
  };

  static std::size_t byte(char c) { return static_cast<unsigned char>(c); }
  static Characters range(char from, char to) {
    Characters out;
    for (auto c = byte(from); c <= byte(to); ++c) out.set(c);
    return out;
  }

  int add(State state = {}) {
    broken_ = broken_ || states_.size() >= kMostStates;
    states_.push_back(state);
    return static_cast<int>(states_.size()) - 1;
  }
  State& at(int state) { return states_[static_cast<std::size_t>(state)]; }
  Part empty() {
    const int state = add();
    return {state, state};
  }
  Part step(Step kind, const Characters& characters = {}) {
    const int out = add();
    return {add({.step = kind, .characters = characters, .next = out}), out};
  }
  Part one_of(Characters characters) {
    for (char c = 'a'; ignores_case_ && c <= 'z'; ++c) {
      const auto upper = byte(c) - byte('a') + byte('A');
      if (characters.test(byte(c)) || characters.test(upper)) characters.set(byte(c)).set(upper);
    }
    return step(Step::character, characters);
  }
  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
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
    while (!broken_ && take("|")) {
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
    while (!broken_ && !rest_.empty() && rest_.front() != '|' && rest_.front() != ')')
      all = then(all, repeated());
    return all;
  }

  Part then(const Part& first, const Part& second) {
    at(first.out).next = second.in;
    return {first.in, second.out};
  }
  Part optional(const Part& part) {
    const int out = add();
    at(part.out).next = out;
    return {add({.next = part.in, .other = out}), out};
  }
  Part many(const Part& part, bool none_is_fine) {
    const int out = add();
    at(part.out).next = out;
    at(part.out).other = part.in;
    return {none_is_fine ? add({.next = part.in, .other = out}) : part.in, out};
  }

  Part repeated() {
    const auto from = rest_;
    const auto part = atom();
    const auto source = from.substr(0, from.size() - rest_.size());
    const char sign = rest_.empty() ? '\0' : rest_.front();
    if (broken_ || std::string_view("*+?{").find(sign) == std::string_view::npos || sign == '\0')
      return part;
    rest_.remove_prefix(1);
    Part out;
    if (sign == '{')
      out = counted(part, source, count());
    else
      out = sign == '?' ? optional(part) : many(part, sign == '*');
    take("?");  // a lazy sign finds the same texts
    if (!rest_.empty() && std::string_view("*+{").find(rest_.front()) != std::string_view::npos)
      broken_ = true;
    return out;
  }

  int number() {
    int out = -1;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9' && out <= kMostCount)
      out = (out < 0 ? 0 : out * 10) + (take_any() - '0');
    return out;
  }

  /// What stands behind `{`.
  Count count() {
    Count out{.least = number()};
    out.most = take(",") ? number() : out.least;
    if (!take("}") || out.least < 0 || out.least > kMostCount || out.most > kMostCount ||
        (out.most >= 0 && out.most < out.least))
      broken_ = true;
    return out;
  }

  /// The part made again of its source.
  Part copy(std::string_view source) {
    const auto kept = std::exchange(rest_, source);
    const auto out = atom();
    rest_ = kept;
    return out;
  }

  Part counted(const Part& part, std::string_view source, const Count& count) {
    auto all = empty();
    bool is_used = false;
    const auto next = [&] { return std::exchange(is_used, true) ? copy(source) : part; };
    for (int i = 0; i < count.least && !broken_; ++i) all = then(all, next());
    if (count.most < 0 && !broken_) return then(all, many(next(), true));
    for (int i = count.least; i < count.most && !broken_; ++i) all = then(all, optional(next()));
    return all;
  }

  Part atom() {
    const char c = take_any();
    switch (c) {
      case '(': return group();
      case '[': return one_of(character_class());
      case '.': return one_of(~Characters{});
      case '\\': return one_of(escaped());
      case '^': return step(Step::at_begin);
      case '$': return step(Step::at_end);
      case '*':
      case '+':
      case '?':
      case '{': broken_ = true; return empty();
      default: return one_of(range(c, c));
    }
  }

  Part group() {
    const bool outer = ignores_case_;
    if (take("?i")) {
      ignores_case_ = true;
      if (take(")")) return empty();  // holds for the rest of the group around it
      if (!take(":")) broken_ = true;
    } else if (take("?") && !take(":")) {
      broken_ = true;
    }
    const auto inner = alternatives();
    if (!take(")")) broken_ = true;
    ignores_case_ = outer;
    return inner;
  }

  int hex_digit() {
    const char c = take_any();
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    if (lower >= 'a' && lower <= 'f') return lower - 'a' + 10;
    broken_ = true;
    return 0;
  }

  Characters escaped() {
    const char c = take_any();
    switch (c) {
      case 'd': return range('0', '9');
      case 'w': return range('0', '9') | range('a', 'z') | range('A', 'Z') | range('_', '_');
      case 's': return range(' ', ' ') | range('\t', '\r');
      case 'x': {
        const int high = hex_digit();
        const char value = static_cast<char>(high * 16 + hex_digit());
        return range(value, value);
      }
      default: break;
    }
    const bool letter = (range('0', '9') | range('a', 'z') | range('A', 'Z')).test(byte(c));
    broken_ = broken_ || letter;
    return range(c, c);
  }

  Characters character_class() {
    const bool inverted = take("^");
    Characters out;
    bool first = true;
    while (!broken_ && (first || !rest_.starts_with(']'))) {
      first = false;
      const char from = take_any();
      if (from == '[' || from == '\\') {
        out |= from == '\\' ? escaped() : range('[', '[');
        broken_ = broken_ || (from == '[' && rest_.starts_with(':'));
      } else if (rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']') {
        take("-");
        out |= range(from, take_any());
      } else {
        out.set(byte(from));
      }
    }
    if (!take("]")) broken_ = true;
    return inverted ? ~out : out;
  }

  std::string_view rest_;
  std::vector<State> states_;
  bool broken_ = false;
  bool ignores_case_ = false;
};

/// The states that a text has led to so far.
struct RegularExpression::Run {
  explicit Run(const std::vector<State>& all) : states(all), seen(all.size(), 0) {
    // Texts are short and many, so that growing step by step would be most of the work.
    now.reserve(all.size());
    before.reserve(all.size());
    open.reserve(all.size());
  }

  /// Adds a state and those that are reached from it without a character.
  void reach(int from, bool at_begin, bool at_end) {
    open.push_back(from);
    while (!open.empty()) {
      const int state = open.back();
      open.pop_back();
      if (state < 0 || seen[static_cast<std::size_t>(state)] == round) continue;
      seen[static_cast<std::size_t>(state)] = round;
      const auto& here = states[static_cast<std::size_t>(state)];
      if (here.step == Step::character) now.push_back(state);
      if (here.step == Step::character || (here.step == Step::at_begin && !at_begin) ||
          (here.step == Step::at_end && !at_end))
        continue;
      open.push_back(here.next);
      open.push_back(here.other);
    }
  }
  [[nodiscard]] bool is_at(int state) const {
    return seen[static_cast<std::size_t>(state)] == round;
  }

  const std::vector<State>& states;
  std::vector<std::size_t> seen;  // the last round in which a state was reached
  std::vector<int> now{};         // those that wait for a character
  std::vector<int> before{};      // the same, of the round before
  std::vector<int> open{};
  std::size_t round = 1;
};

bool RegularExpression::run(std::string_view text, Where where) const {
  Run run(states_);
  run.reach(in_, true, text.empty());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (where == Where::anywhere && run.is_at(out_)) return true;
    run.before.swap(run.now);
    run.now.clear();
    ++run.round;
    const bool at_end = i + 1 == text.size();
    const auto c = static_cast<unsigned char>(text[i]);
    for (const int state : run.before)
      if (const auto& here = states_[static_cast<std::size_t>(state)]; here.characters.test(c))
        run.reach(here.next, false, at_end);
    if (where == Where::anywhere) run.reach(in_, false, at_end);
  }
  return run.is_at(out_);
}

std::optional<RegularExpression> RegularExpression::compile(std::string_view expression) {
  constexpr std::size_t kLongest = 2000;
  if (expression.size() > kLongest) return std::nullopt;
  return RegularExpressionCompiler(expression).compile();
}

bool RegularExpression::matches_whole(std::string_view text) const {
  return run(text, Where::whole);
}

bool RegularExpression::found_in(std::string_view text) const {
  return run(text, Where::anywhere);
}

std::optional<bool> matches_whole(std::string_view expression, std::string_view text) {
  const auto ready = RegularExpression::compile(expression);
  return ready ? std::optional(ready->matches_whole(text)) : std::nullopt;
}

}  // namespace aksmesh
