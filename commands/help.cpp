// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "docgen/help.hpp"
#include "text_outcome.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  std::vector<std::string> words;
};

void declare(OptionSet& set, Options& o) {
  set.operands(o.words, "COMMAND|TOPIC")
      .complete(Complete::commands)
      .help("A command, or one of the topics that the overview lists");
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  if (o.words.empty()) return text_outcome(docgen::overview(context.program));
  const auto path = join(o.words, " ");
  if (const auto* found = find_command(path))
    return text_outcome(docgen::long_help(*found, context.program));
  if (const auto topic = docgen::topic(path); !topic.empty()) return text_outcome(topic);
  std::vector<std::string> known = docgen::topic_names();
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
                           .examples = kExamples});

}  // namespace aksmesh::commands
