// SPDX-License-Identifier: Apache-2.0
#include "resolve.hpp"

#include <memory>
#include <set>

#include "docgen/help.hpp"
#include "mistakes.hpp"

namespace aksmesh::cli {
namespace {

/// An option of any command, declared on fresh invocations: needed only where one stands before the
/// command's name. One name has one meaning, so the first that knows it will do.
class AllOptions {
 public:
  AllOptions() { commands::declare_global_options(globals_, unused_); }

  commands::OptionWord find(const std::string& word) {
    auto found = commands::split_option(globals_, word);
    if (found.spec != nullptr) return found;
    if (others_.empty())
      for (const auto* command : commands::catalogue())
        if (!command->hidden) others_.push_back(commands::docgen::declared(*command));
    for (const auto& other : others_)
      if (auto one = commands::split_option(other->set, word); one.spec != nullptr) return one;
    return found;
  }
  [[nodiscard]] const commands::OptionSet& globals() const { return globals_; }

 private:
  commands::GlobalOptions unused_;
  commands::OptionSet globals_;
  std::vector<std::unique_ptr<commands::docgen::Declared>> others_;
};

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
  AllOptions options;
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
  if (out.command == nullptr && !first.empty()) return unknown_command(first, program);
  for (std::size_t i = 0; i < args.size(); ++i)
    if (!word_places.contains(i)) out.rest.push_back(args[i]);
  return out;
}

}  // namespace aksmesh::cli
