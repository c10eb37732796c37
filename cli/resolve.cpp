// SPDX-License-Identifier: Apache-2.0
#include "resolve.hpp"

#include <algorithm>
#include <set>

#include "any_option.hpp"
#include "docgen/help.hpp"
#include "mistakes.hpp"

namespace aksmesh::cli {
namespace {

/// What a line says before the options of its command.
struct Line {
  const commands::Command* command = nullptr;
  std::string first{};                 ///< of the words
  std::string words{};                 ///< up to the command's last one, with a blank between
  std::set<std::size_t> places{};      ///< where they stand
  std::vector<std::string> unknown{};  ///< options that no command knows
};

Line read_line(const std::vector<std::string>& args, commands::AnyOption& options) {
  Line out;
  for (std::size_t i = 0; i < args.size() && args[i] != "--" && out.command == nullptr; ++i) {
    const auto& arg = args[i];
    if (arg.size() > 1 && arg.starts_with('-')) {
      const auto option = options.find(arg);
      if (option.spec == nullptr) out.unknown.push_back(arg);
      // The value that an option takes from the next word is no command.
      if (option.spec != nullptr && !option.spec->value.empty() && !option.value) ++i;
      continue;
    }
    if (out.first.empty()) out.first = arg;
    out.words += (out.words.empty() ? "" : " ") + arg;
    out.places.insert(i);
    out.command = commands::find_command(out.words);
  }
  return out;
}

/// Whether no option is unknown but those that ask for help.
bool only_asks(const Line& line) {
  return std::all_of(line.unknown.begin(), line.unknown.end(),
                     [](const std::string& word) { return word == "-h" || word == "--help"; });
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
  commands::AnyOption options;
  const auto line = read_line(args, options);
  if (line.command == nullptr && !line.unknown.empty())
    return unknown_options(line.unknown, options.globals(), {}, program);
  if (line.command == nullptr && !line.first.empty()) return unknown_command(line.words, program);
  Resolved out{.command = line.command};
  for (std::size_t i = 0; i < args.size(); ++i)
    if (!line.places.contains(i)) out.rest.push_back(args[i]);
  return out;
}

Status check_words(const std::vector<std::string>& args, const std::string& program) {
  commands::AnyOption options;
  const auto line = read_line(args, options);
  if (line.command != nullptr || line.first.empty() || !only_asks(line) ||
      !commands::docgen::commands_under(line.words).empty())
    return Done{};
  return unknown_command(line.words, program);
}

std::string noun_of(const std::vector<std::string>& args) {
  commands::AnyOption options;
  const auto line = read_line(args, options);
  // Beside an unknown option it may be the value of that.
  const bool is_noun = line.command == nullptr && !line.first.empty() && only_asks(line) &&
                       !commands::docgen::commands_under(line.words).empty();
  return is_noun ? line.words : std::string();
}

}  // namespace aksmesh::cli
