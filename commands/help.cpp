// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "command.hpp"
#include "docgen/help.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  std::vector<std::string> words;
};

void declare(OptionSet& set, Options& o) {
  set.operands(o.words, "COMMAND|TOPIC")
      .may_lack()
      .complete(Complete::commands)
      .help("A command, or one of the topics that the overview lists");
}

/// Help as wide as what it is shown on.
template <class Write>
class HelpOutcome final : public Outcome {
 public:
  explicit HelpOutcome(Write write) : write_(std::move(write)) {}
  [[nodiscard]] std::string text(const report::Style& style) const override {
    return write_(docgen::help_width(style));
  }

 private:
  Write write_;
};

template <class Write>
OutcomePtr help_outcome(Write write) {
  return std::make_unique<HelpOutcome<Write>>(std::move(write));
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  const auto& program = context.program;
  if (o.words.empty())
    return help_outcome([program](std::size_t width) { return docgen::overview(program, width); });
  const auto path = join(o.words, " ");
  if (const auto* found = find_command(path))
    return help_outcome(
        [found, program](std::size_t width) { return docgen::long_help(*found, program, width); });
  if (!docgen::commands_under(path).empty())
    return help_outcome(
        [path, program](std::size_t width) { return docgen::overview_of(path, program, width); });
  auto known = docgen::topic_names();
  if (std::find(known.begin(), known.end(), path) != known.end())
    return help_outcome([path](std::size_t width) { return docgen::topic(path, width); });
  for (const auto* one : catalogue())
    if (!one->hidden) known.emplace_back(one->path);
  Error error{.kind = ErrorKind::usage, .what = "no command and no topic is called '" + path + "'"};
  for (const auto& near : suggestions(path, known))
    error.next.push_back(context.program + " help " + near);
  error.next.push_back(context.program + " help   (lists commands and topics)");
  return error;
}

constexpr std::array kExamples{Example{"aksmesh help analyze", "The full page of a command"},
                               Example{"aksmesh help exit-codes", "A topic"}};

}  // namespace

extern const Command help_command;
constinit const Command help_command =
    command<declare, run>({.path = "help",
                           .summary = "Show the page of a command or topic",
                           .page = "commands/help.md",
                           .formats = Formats::text,
                           .examples = kExamples,
                           .outlives_settings = true});

}  // namespace aksmesh::commands
