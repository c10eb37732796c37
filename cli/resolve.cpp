// SPDX-License-Identifier: Apache-2.0
#include "resolve.hpp"

#include <set>

#include "any_option.hpp"
#include "mistakes.hpp"

namespace aksmesh::cli {
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
  Resolved out;
  std::string words;
  std::string first;
  std::set<std::size_t> word_places;
  std::vector<std::string> unknown;
  for (std::size_t i = 0; i < args.size() && args[i] != "--" && out.command == nullptr; ++i) {
    const auto& arg = args[i];
    if (arg.size() > 1 && arg.starts_with('-')) {
      const auto option = options.find(arg);
      if (option.spec == nullptr) unknown.push_back(arg);
      // The value that an option takes from the next word is no command.
      if (option.spec != nullptr && !option.spec->value.empty() && !option.value) ++i;
      continue;
    }
    if (first.empty()) first = arg;
    words += (words.empty() ? "" : " ") + arg;
    word_places.insert(i);
    out.command = commands::find_command(words);
  }
  if (out.command == nullptr && !unknown.empty())
    return unknown_options(unknown, options.globals(), {}, program);
  if (out.command == nullptr && !first.empty()) return unknown_command(first, words, program);
  for (std::size_t i = 0; i < args.size(); ++i)
    if (!word_places.contains(i)) out.rest.push_back(args[i]);
  return out;
}

}  // namespace aksmesh::cli
