// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.hpp"
#include "context.hpp"
#include "option_set.hpp"
#include "report/render.hpp"

namespace aksmesh::commands {

/// How a finished command ended; with the error kinds it decides the exit code (cli/exit_code.hpp).
enum class Verdict { done, findings, could_not_look, timed_out };

/// The result of a command, before it is rendered.
class Outcome {
 public:
  Outcome() = default;
  Outcome(const Outcome&) = delete;
  Outcome& operator=(const Outcome&) = delete;
  virtual ~Outcome();

  [[nodiscard]] virtual std::string text(const report::Style& style) const = 0;
  /// For -o json and yaml; commands that declare Formats::text only need none.
  [[nodiscard]] virtual nlohmann::ordered_json document() const;
  /// That document as text, for those that can make it from large parts without building it.
  [[nodiscard]] virtual std::string json() const;
  /// For the formats of findings; null for other commands.
  [[nodiscard]] virtual const report::FindingSet* findings() const { return nullptr; }
  [[nodiscard]] virtual report::RenderContext render_context() const { return {}; }

  /// Waits for the result that takes the place of this one (--watch); empty: none follows. Kind
  /// cancelled when the user has seen enough.
  std::function<Result<std::unique_ptr<Outcome>>()> more{};

  /// What has happened in the world by now, whatever becomes of the output; empty for reads.
  [[nodiscard]] virtual std::string deed() const { return {}; }

  Verdict verdict = Verdict::done;
  bool holds_secrets = false;        ///< a new file that takes the result is for its owner alone
  std::vector<std::string> notes{};  ///< for people, on standard error
  std::vector<std::string> hints{};  ///< likewise, when the result goes to a terminal
};

using OutcomePtr = std::unique_ptr<Outcome>;

/// The formats that a command can print. Each includes those before it.
enum class Formats { text, documents, findings };
std::vector<std::string> format_names(Formats formats);

struct Example {
  std::string_view line;  ///< as typed, beginning with `aksmesh`; a test parses each
  std::string_view purpose;
};

/// One run of a command: its options, then the work.
class Invocation {
 public:
  Invocation() = default;
  Invocation(const Invocation&) = delete;
  Invocation& operator=(const Invocation&) = delete;
  virtual ~Invocation() = default;
  virtual void declare(OptionSet& set) = 0;
  virtual Result<OutcomePtr> run(const Context& context) = 0;
};

struct Command {
  std::string_view path;     ///< as typed: words with one blank between
  std::string_view summary;  ///< one line, no full stop
  std::string_view page;     ///< resource name of the Markdown page
  Formats formats = Formats::documents;
  std::span<const Example> examples{};
  std::span<const std::string_view> aliases{};
  bool hidden = false;
  bool outlives_settings =
      false;  ///< runs even if the settings file is broken, with what is good of it
  std::unique_ptr<Invocation> (*make)() = nullptr;
};

namespace detail {

template <class Options>
Options options_of(void (*)(OptionSet&, Options&));

template <auto declare_function, auto run_function>
class InvocationOf final : public Invocation {
 public:
  void declare(OptionSet& set) override { declare_function(set, options_); }
  Result<OutcomePtr> run(const Context& context) override {
    return run_function(options_, context);
  }

 private:
  decltype(options_of(declare_function)) options_{};
};

}  // namespace detail

/// Completes a Command with the two functions that make it up.
template <auto declare_function, auto run_function>
constexpr Command command(Command facts) {
  facts.make = []() -> std::unique_ptr<Invocation> {
    return std::make_unique<detail::InvocationOf<declare_function, run_function>>();
  };
  return facts;
}

/// Every command, sorted by path.
std::span<const Command* const> catalogue();
/// By path or alias; null when there is none.
const Command* find_command(std::string_view path);

}  // namespace aksmesh::commands
