// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "data/resources.hpp"
#include "text_outcome.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  std::vector<std::string> shells;
};

const std::vector<std::string>& shells() {
  static const std::vector<std::string> names{"bash", "zsh", "fish"};
  return names;
}

void declare(OptionSet& set, Options& o) {
  set.operands(o.shells, "SHELL").once().choices(shells()).help("bash, zsh or fish");
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  if (o.shells.size() != 1)
    return Error{.kind = ErrorKind::usage,
                 .what = "completion needs one shell",
                 .why = "known are bash, zsh and fish",
                 .next = {context.program + " completion bash"}};
  const auto& shell = o.shells.front();
  const std::string name = shell == "zsh" ? "completions/_aksmesh" : "completions/aksmesh." + shell;
  const auto script = data::resource(name);
  auto outcome = text_outcome(std::string(script));
  if (shell == "bash")
    outcome->hints.emplace_back(
        "to install: aksmesh completion bash > ~/.local/share/bash-completion/completions/aksmesh");
  if (shell == "zsh")
    outcome->hints.emplace_back(
        "to install: aksmesh completion zsh > DIR/_aksmesh, with DIR a directory of $fpath");
  if (shell == "fish")
    outcome->hints.emplace_back(
        "to install: aksmesh completion fish > ~/.config/fish/completions/aksmesh.fish");
  return outcome;
}

constexpr std::array kExamples{Example{"aksmesh completion bash", "Print the script for bash"}};

}  // namespace

extern const Command completion_command;
constinit const Command completion_command =
    command<declare, run>({.path = "completion",
                           .summary = "Print the completion script of a shell",
                           .page = "commands/completion.md",
                           .formats = Formats::text,
                           .examples = kExamples,
                           .outlives_settings = true});

}  // namespace aksmesh::commands
