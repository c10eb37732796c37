// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace aksmesh::commands {

/// Where the values of an option come from when a shell completes it.
enum class Complete {
  nothing,
  files,
  choices,
  codes,
  policies,
  revisions,
  commands,
  settings,
  contexts,
  dashboards
};

/// How a value is named in messages, and what stands before another one in its place.
struct ValueSource {
  std::string name{};
  std::string prefix{};
};

/// Everything that is known of one option. The parser, help, man pages, completion, environment
/// variables and the laws of the tests all read this and nothing else.
struct OptionSpec {
  std::string long_name{};   ///< with dashes; the label in upper case for an operand
  std::string short_name{};  ///< with its dash, or empty
  std::vector<std::string>
      hidden_names{};   ///< spellings of neighbours; they work and are not listed
  std::string value{};  ///< label of the value; empty for a switch
  std::string text{};   ///< one sentence without a full stop
  std::string group_name{"Options"};
  /// Environment variable that gives a default. Such an option may be set in the settings file too,
  /// where its key is the long name without dashes.
  std::string variable{};
  std::string default_text{};                ///< shown in help
  std::vector<std::string> closed_set{};     ///< the only values allowed, when not empty
  std::vector<std::string> hidden_values{};  ///< allowed, but not listed
  Complete completer = Complete::nothing;
  bool operand = false;
  bool repeatable = false;
  bool optional = false;  ///< an operand that the command does without
  bool hidden = false;    ///< the option as a whole is a neighbour's word
  bool aims = false;      ///< tells what the command works on
  bool any_case = false;  ///< the closed set is compared without case
  std::function<Status(const std::string&)>
      set{};  ///< takes one value; for a switch, `true` or `false`

  /// Whether a closed set, if there is one, has the value.
  [[nodiscard]] bool takes(const std::string& one) const;
  /// Sets the value. Kind usage, blamed on the source, when the option does not take it.
  [[nodiscard]] Status assign(const std::string& one, const ValueSource& source) const;

  OptionSpec& alias(std::string name) {
    hidden_names.push_back(std::move(name));
    return *this;
  }
  OptionSpec& help(std::string sentence) {
    text = std::move(sentence);
    return *this;
  }
  OptionSpec& group(std::string name) {
    group_name = std::move(name);
    return *this;
  }
  OptionSpec& env(std::string name) {
    variable = std::move(name);
    return *this;
  }
  OptionSpec& preset(std::string shown) {
    default_text = std::move(shown);
    return *this;
  }
  OptionSpec& choices(std::vector<std::string> values) {
    closed_set = std::move(values);
    completer = Complete::choices;
    return *this;
  }
  /// The values of the closed set, named before, are taken in any case, as az takes them; the
  /// option gets them as they are listed.
  OptionSpec& in_any_case();
  OptionSpec& also(std::vector<std::string> values) {
    hidden_values = std::move(values);
    return *this;
  }
  OptionSpec& complete(Complete how) {
    completer = how;
    return *this;
  }
  /// For operands: help shows no `...`.
  OptionSpec& once() {
    repeatable = false;
    return *this;
  }
  /// For operands: the usage line has it in brackets.
  OptionSpec& may_lack() {
    optional = true;
    return *this;
  }
  /// Hints of further commands repeat the option as it was typed.
  OptionSpec& aim() {
    aims = true;
    return *this;
  }
  OptionSpec& hide() {
    hidden = true;
    return *this;
  }
};

/// The options and operands of one command, in the order in which help shows them.
class OptionSet {
 public:
  /// `names` is `--long` or `-s,--long`.
  OptionSpec& value(std::string_view names, std::string& target, std::string label);
  OptionSpec& values(std::string_view names, std::vector<std::string>& target, std::string label);
  /// Such as `30s` or `1h30m`; the target gets milliseconds.
  OptionSpec& duration(std::string_view names, std::int64_t& target);
  OptionSpec& flag(std::string_view names, bool& target);
  OptionSpec& count(std::string_view names, int& target);
  OptionSpec& operands(std::vector<std::string>& target, std::string label);

  [[nodiscard]] const std::deque<OptionSpec>& specs() const { return specs_; }
  /// By any of its names; null when there is none.
  [[nodiscard]] const OptionSpec* find(std::string_view name) const;

 private:
  OptionSpec& add(std::string_view names, std::string label,
                  std::function<Status(const std::string&)> set);
  std::deque<OptionSpec> specs_;  // a deque, so that references stay good while more are declared
};

/// One word of a command line as an option of `set`: `--name`, `--name=value`, `-n`, `-nvalue` or
/// `-n=value`. No spec when it is none; no value when the word holds none.
struct OptionWord {
  const OptionSpec* spec = nullptr;
  std::string name{};
  std::optional<std::string> value{};
};
OptionWord split_option(const OptionSet& set, const std::string& word);

}  // namespace aksmesh::commands
