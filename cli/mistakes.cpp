// SPDX-License-Identifier: Apache-2.0
#include "mistakes.hpp"

#include <algorithm>
#include <map>
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
    {"precheck", "preflight --phase upgrade tells what stands against the next step"},
    {"check-inject", "injection explain tells whether and why a workload gets a sidecar"},
    {"injector", "injection list tells what is injected where"},
    {"internal-debug", "proxy status -o json has what the istiods tell of their proxies"},
    {"revision", "revisions and tag list tell of them"},
};

/// Options of neighbours that are none here.
constexpr Neighbour kNeighbourOptions[] = {
    {"--query", "-o json | jq EXPRESSION   (instead of --query)"},
    {"-i", "leave -i out: the istiods of all revisions are found"},
    {"--istioNamespace", "leave --istioNamespace out: the istiods of all revisions are found"},
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

/// Names of commands, their other names included, each with the name to tell instead.
using Names = std::map<std::string, std::string>;

/// All that may have been meant; of a noun only what goes on after it.
Names names_under(const std::string& noun) {
  Names out;
  const auto add = [&](std::string_view name, std::string_view path) {
    if (noun.empty() || name.starts_with(noun + ' ')) out.emplace(name, path);
  };
  for (const auto* command : commands::catalogue()) {
    if (command->hidden) continue;
    add(command->path, command->path);
    for (const auto alias : command->aliases) add(alias, command->path);
    if (noun.empty())
      for (auto end = command->path.find(' '); end != std::string_view::npos;
           end = command->path.find(' ', end + 1))
        out.emplace(command->path.substr(0, end), command->path.substr(0, end));
  }
  return out;
}

/// `did you mean ...?` of names that are near to the words.
std::vector<std::string> near_commands(const std::string& words, const Names& names,
                                       const std::string& program) {
  std::vector<std::string> known;
  for (const auto& [name, path] : names) known.push_back(name);
  std::vector<std::string> out;
  for (const auto& near : suggestions(words, known)) {
    auto hint = "did you mean " + program + ' ' + names.at(near) + '?';
    if (std::find(out.begin(), out.end(), hint) == out.end()) out.push_back(std::move(hint));
  }
  return out;
}

std::string without_last(const std::string& words) {
  const auto blank = words.rfind(' ');
  return blank == std::string::npos ? std::string() : words.substr(0, blank);
}

/// The longest beginning of the words that commands go on after.
std::string noun_in(std::string words) {
  while (!words.empty() && commands::docgen::commands_under(words).empty())
    words = without_last(words);
  return words;
}

/// What there is here in the place of a neighbour's word; empty: nothing is known of it.
std::string_view answer_to(std::string_view word) {
  for (const auto& neighbour : kNeighbours)
    if (neighbour.word == word) return neighbour.answer;
  return {};
}

/// A noun without its verb, or with one that it does not have.
Error incomplete_command(const std::string& noun, const std::string& words,
                         const std::string& program) {
  const auto goes_on = [&](std::string_view path) { return path.starts_with(noun + ' '); };
  std::vector<std::string> verbs;
  for (const auto* command : commands::docgen::commands_under(noun)) {
    const auto alias = std::find_if(command->aliases.begin(), command->aliases.end(), goes_on);
    auto verb = (goes_on(command->path) ? command->path : *alias).substr(noun.size() + 1);
    verb = verb.substr(0, verb.find(' '));
    if (std::find(verbs.begin(), verbs.end(), verb) == verbs.end()) verbs.emplace_back(verb);
  }
  const auto typed = words.substr(0, words.find(' ', noun.size() + 1));
  if (typed == noun)
    return {.kind = ErrorKind::usage,
            .what = '\'' + noun + "' wants another word",
            .why = "it is one of " + join(verbs, ", ")};
  if (const auto answer = answer_to(typed.substr(noun.size() + 1)); !answer.empty())
    return {.kind = ErrorKind::usage,
            .what = "unknown command '" + typed + "'",
            .why = std::string(answer)};
  return {.kind = ErrorKind::usage,
          .what = "unknown command '" + typed + "'",
          .why = "after " + noun + " comes one of " + join(verbs, ", "),
          .next = near_commands(typed, names_under(noun), program)};
}

}  // namespace

Error unknown_command(const std::string& words, const std::string& program) {
  if (const auto noun = noun_in(words); !noun.empty()) {
    auto error = incomplete_command(noun, words, program);
    error.next.push_back(program + ' ' + noun + " -h   (tells what they do)");
    return error;
  }
  const auto word = words.substr(0, words.find(' '));
  Error error{.kind = ErrorKind::usage, .what = "unknown command '" + word + "'"};
  // What stands behind the command is an operand.
  const auto names = names_under({});
  for (auto some = words; error.next.empty() && !some.empty(); some = without_last(some))
    error.next = near_commands(some, names, program);
  error.why = answer_to(word);
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
    constexpr std::size_t kMost = 6;
    auto elsewhere = commands_with(name, command);
    if (elsewhere.size() > kMost + 1) {
      const auto more = elsewhere.size() - kMost;
      elsewhere.resize(kMost);
      elsewhere.push_back("and " + std::to_string(more) + " more");
    }
    if (!elsewhere.empty())
      error.why +=
          (error.why.empty() ? "" : "; ") + name + " is an option of " + join(elsewhere, ", ");
  }
  error.next.push_back(program + (command.empty() ? "" : ' ' + command) + " -h");
  return error;
}

}  // namespace aksmesh::cli
