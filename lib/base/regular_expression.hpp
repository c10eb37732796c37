// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace aksmesh {

/// A regular expression made ready. Knows what lists of names and the patterns of schemas need:
/// characters, `.`, classes, groups, `|`, `*`, `+`, `?`, `{n,m}`, `^`, `$`, `(?i)`, `\xHH` and
/// `\d`, `\w`, `\s`. Works on bytes. The time of a search is at most the product of both lengths.
class RegularExpression {
 public:
  /// Nothing for an expression with anything else, one that is broken, or one that is very long.
  static std::optional<RegularExpression> compile(std::string_view expression);

  [[nodiscard]] bool matches_whole(std::string_view text) const;
  [[nodiscard]] bool found_in(std::string_view text) const;

 private:
  friend class RegularExpressionCompiler;
  using Characters = std::bitset<256>;
  enum class Step : std::uint8_t { free, character, at_begin, at_end };
  struct State {
    Step step = Step::free;
    Characters characters{};
    int next = -1;
    int other = -1;  // a second way without a character
  };
  struct Run;
  enum class Where : std::uint8_t { whole, anywhere };
  [[nodiscard]] bool run(std::string_view text, Where where) const;

  std::vector<State> states_;
  int in_ = -1;
  int out_ = -1;
};

/// Whether an expression matches the whole of a text; nothing when it cannot be made ready.
std::optional<bool> matches_whole(std::string_view expression, std::string_view text);

}  // namespace aksmesh
