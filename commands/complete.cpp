// SPDX-License-Identifier: Apache-2.0
#include "docgen/complete.hpp"
#include "text_outcome.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  std::vector<std::string> words;
};

void declare(OptionSet& set, Options& o) {
  set.operands(o.words, "WORD").help("The words typed so far, the last one unfinished");
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  return text_outcome(docgen::complete(o.words, context.files, context.env));
}

}  // namespace

extern const Command complete_command;
constinit const Command complete_command =
    command<declare, run>({.path = "__complete",
                           .summary = "Print candidates for the shell",
                           .page = {},
                           .formats = Formats::text,
                           .hidden = true,
                           .outlives_settings = true});

}  // namespace aksmesh::commands
