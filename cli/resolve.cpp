// SPDX-License-Identifier: Apache-2.0
#include "resolve.hpp"

#include "base/edit_distance.hpp"

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

Error unknown_command(const std::string& word, const std::string& program) {
  Error error{.kind = ErrorKind::usage, .what = "unknown command '" + word + "'"};
  std::vector<std::string> known;
  for (const auto* command : commands::catalogue()) {
    if (command->hidden) continue;
    known.emplace_back(command->path);
    for (const auto alias : command->aliases) known.emplace_back(alias);
  }
  for (const auto& neighbour : kNeighbours)
    if (neighbour.word == word) error.why = neighbour.answer;
  for (const auto& near : suggestions(word, known))
    error.next.push_back("did you mean " + program + ' ' + near + "?");
  error.next.push_back(program + " help   (lists all commands)");
  return error;
}

}  // namespace

std::string program_name(const std::string& argv0) {
  const auto slash = argv0.rfind('/');
  const auto name = slash == std::string::npos ? argv0 : argv0.substr(slash + 1);
  constexpr std::string_view kPlugin = "kubectl-";
  if (name.starts_with(kPlugin)) return "kubectl " + name.substr(kPlugin.size());
  return name == "mesh" ? "mesh" : "aksmesh";
}

Asked asked_for(const std::vector<std::string>& args) {
  auto asked = Asked::nothing;
  for (const auto& arg : args) {
    if (arg == "--") break;
    if (arg == "--help") return Asked::long_help;
    if (arg == "-h") asked = Asked::short_help;
    if (arg == "--version" && asked == Asked::nothing) asked = Asked::version;
  }
  return asked;
}

Result<Resolved> resolve(const std::vector<std::string>& args, const std::string& program) {
  commands::GlobalOptions unused;
  commands::OptionSet globals;
  commands::declare_global_options(globals, unused);
  Resolved out;
  std::string words;
  std::string first;
  std::vector<std::size_t> word_places;
  for (std::size_t i = 0; i < args.size() && out.command == nullptr; ++i) {
    const auto& arg = args[i];
    if (arg == "--") break;
    if (arg.size() > 1 && arg.starts_with('-')) {
      const auto* spec = globals.find(arg);
      if (spec != nullptr && !spec->value.empty()) ++i;  // its value is no command
      continue;
    }
    if (first.empty()) first = arg;
    words += (words.empty() ? "" : " ") + arg;
    word_places.push_back(i);
    out.command = commands::find_command(words);
  }
  if (out.command == nullptr && !first.empty()) return unknown_command(first, program);
  for (std::size_t i = 0; i < args.size(); ++i)
    if (word_places.empty() || i < word_places.front() || i > word_places.back())
      out.rest.push_back(args[i]);
  return out;
}

}  // namespace aksmesh::cli
