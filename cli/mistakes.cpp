// SPDX-License-Identifier: Apache-2.0
#include "mistakes.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "command.hpp"
#include "docgen/help.hpp"

namespace aksmesh::cli {
namespace {

/// Words of neighbours that are no command here, with what to say instead.
struct Neighbour {
  std::string_view word;
  std::string_view answer;
};
constexpr Neighbour kNeighbours[] = {
    {"install", "the add-on is installed by Azure, not by a client"},
    {"kube-inject", "label the namespace istio.io/rev=REVISION and restart the workloads"},
};

/// Options of neighbours that are none here.
constexpr Neighbour kNeighbourOptions[] = {
    {"--query", "-o json | jq EXPRESSION   (instead of --query)"},
};

void add_names(std::set<std::string>& names, const commands::OptionSet& set) {
  for (const auto& spec : set.specs())
    if (!spec.operand && !spec.hidden) names.insert(spec.long_name);
}

/// What an unknown option may have been meant to be.
std::vector<std::string> candidates(const commands::OptionSet& set, const std::string& command) {
  std::set<std::string> names{"--help", "--version"};  // no command declares these two
  add_names(names, set);
  if (command.empty())
    for (const auto* other : commands::catalogue())
      if (!other->hidden) add_names(names, commands::docgen::declared(*other)->set);
  return {names.begin(), names.end()};
}

std::vector<std::string> commands_with(const std::string& option, const std::string& but) {
  std::vector<std::string> out;
  for (const auto* command : commands::catalogue())
    if (!command->hidden && command->path != but &&
        commands::docgen::declared(*command)->set.find(option) != nullptr)
      out.emplace_back(command->path);
  return out;
}

/// The most words of a line that commands begin with; empty when none does.
std::string noun_of(const std::string& words, const std::vector<std::string>& paths) {
  for (auto end = words.size(); end != std::string::npos && end > 0;
       end = words.rfind(' ', end - 1)) {
    const auto noun = words.substr(0, end);
    if (std::any_of(paths.begin(), paths.end(),
                    [&](const std::string& path) { return path.starts_with(noun + ' '); }))
      return noun;
  }
  return {};
}

/// A noun without its verb, or with one that it does not have.
Error incomplete_command(const std::string& noun, const std::string& words,
                         const std::vector<std::string>& paths, const std::string& program) {
  std::vector<std::string> verbs;
  const auto add = [&](std::string_view path) {
    if (!path.starts_with(noun + ' ')) return;
    path.remove_prefix(noun.size() + 1);
    std::string verb(path.substr(0, path.find(' ')));
    if (std::find(verbs.begin(), verbs.end(), verb) == verbs.end())
      verbs.push_back(std::move(verb));
  };
  for (const auto* command : commands::catalogue())
    if (!command->hidden) add(command->path);
  // A neighbour's noun has no verbs but the neighbour's.
  if (verbs.empty())
    for (const auto& path : paths) add(path);
  Error error{.kind = ErrorKind::usage,
              .what = words == noun ? '\'' + noun + "' wants another word"
                                    : "unknown command '" + words + "'",
              .why = "it is one of " + join(verbs, ", ")};
  if (words != noun)
    for (const auto& near : suggestions(words, paths))
      error.next.push_back("did you mean " + program + ' ' + near + "?");
  error.next.push_back(program + " help   (lists all commands)");
  return error;
}

}  // namespace

Error unknown_command(const std::string& word, const std::string& words,
                      const std::string& program) {
  Error error{.kind = ErrorKind::usage, .what = "unknown command '" + word + "'"};
  std::vector<std::string> known;
  for (const auto* command : commands::catalogue()) {
    if (command->hidden) continue;
    known.emplace_back(command->path);
    for (const auto alias : command->aliases) known.emplace_back(alias);
  }
  if (const auto noun = noun_of(words, known); !noun.empty()) {
    std::erase_if(known, [&](const std::string& path) { return !path.starts_with(noun + ' '); });
    return incomplete_command(noun, words.substr(0, words.find(' ', noun.size() + 1)), known,
                              program);
  }
  for (const auto& neighbour : kNeighbours)
    if (neighbour.word == word) error.why = neighbour.answer;
  for (const auto& near : suggestions(word, known))
    error.next.push_back("did you mean " + program + ' ' + near + "?");
  error.next.push_back(program + " help   (lists all commands)");
  return error;
}

Error unknown_options(const std::vector<std::string>& words, const commands::OptionSet& set,
                      const std::string& command, const std::string& program) {
  const auto known = candidates(set, command);
  Error error{.kind = ErrorKind::usage};
  for (const auto& word : words) {
    const auto name = word.substr(0, word.find('='));
    error.what += (error.what.empty() ? "unknown option " : ", ") + name;
    for (const auto& near : suggestions(name, known))
      error.next.push_back("did you mean " + near + "?");
    for (const auto& neighbour : kNeighbourOptions)
      if (neighbour.word == name) error.next.emplace_back(neighbour.answer);
    const auto elsewhere = commands_with(name, command);
    if (!elsewhere.empty())
      error.why +=
          (error.why.empty() ? "" : "; ") + name + " is an option of " + join(elsewhere, ", ");
  }
  error.next.push_back(program + (command.empty() ? "" : ' ' + command) + " -h");
  return error;
}

}  // namespace aksmesh::cli
