// SPDX-License-Identifier: Apache-2.0
#include "hints.hpp"

#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "command.hpp"

namespace aksmesh::commands {
namespace {

constexpr std::string_view kOurs = "aksmesh ";
constexpr std::string_view kAz = "az aks ";
constexpr std::string_view kKubectl = "kubectl ";

std::string_view without_remark(std::string_view hint) {
  return hint.substr(0, hint.find("   "));
}

/// The command that a line begins with, the program left out; null when there is none.
const Command* command_of(std::string_view line) {
  std::string path;
  const Command* found = nullptr;
  for (const auto word : split(trim(line), ' ')) {
    path.append(path.empty() ? "" : " ").append(word);
    if (const auto* command = find_command(path)) found = command;
  }
  return found;
}

bool names(std::string_view line, const OptionSpec& spec) {
  for (const auto word : split(line, ' ')) {
    const auto name = word.substr(0, word.find('='));
    if (name == spec.long_name || (!spec.short_name.empty() && name == spec.short_name) ||
        std::find(spec.hidden_names.begin(), spec.hidden_names.end(), name) !=
            spec.hidden_names.end())
      return true;
  }
  return false;
}

/// What of the aim belongs to a line of ours.
std::string for_ours(std::string_view line, const sys::Aim& aim) {
  const auto* command = command_of(line);
  if (command == nullptr) return {};
  const auto invocation = command->make();
  OptionSet set;
  invocation->declare(set);
  // A line that tells its cluster by id is told nothing more.
  const auto* id = set.find("--cluster-id");
  if (id != nullptr && names(line, *id)) return {};
  std::string out;
  for (const auto& [name, value] : aim) {
    const auto* spec = set.find(name);
    if (spec == nullptr || names(line, *spec)) continue;
    out += ' ' + (spec->short_name.empty() ? name : spec->short_name) + ' ' + shell_word(value);
  }
  return out;
}

/// Commands of az that work on one cluster know three of the options, one by another name.
std::string for_az(std::string_view line, const sys::Aim& aim) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kWords{
      {{"--resource-group", "-g"}, {"--cluster", "-n"}, {"--subscription", "--subscription"}}};
  std::string out;
  if (line.starts_with("az aks list")) return out;
  for (const auto& [name, value] : aim)
    for (const auto& [ours, theirs] : kWords)
      if (name == ours && line.find(std::string(" ") + std::string(theirs) + ' ') == line.npos)
        out.append(" ").append(theirs).append(" ").append(shell_word(value));
  return out;
}

/// kubectl calls the two options that tell the cluster as we do.
std::string for_kubectl(std::string_view line, const sys::Aim& aim) {
  std::string out;
  for (const auto& [name, value] : aim)
    if ((name == "--context" || name == "--kubeconfig") && line.find(name) == line.npos)
      out.append(" ").append(name).append(" ").append(shell_word(value));
  return out;
}

}  // namespace

std::vector<std::string> aimed(std::vector<std::string> hints, const std::string& program,
                               const sys::Aim& aim) {
  const auto called = program + ' ';
  for (auto& hint : hints) {
    if (hint.starts_with(kOurs)) hint.replace(0, kOurs.size(), called);
    const auto line = without_remark(hint);
    std::string more;
    if (line.starts_with(called))
      more = for_ours(line.substr(called.size()), aim);
    else if (line.starts_with(kAz))
      more = for_az(line, aim);
    else if (line.starts_with(kKubectl))
      more = for_kubectl(line, aim);
    hint.insert(line.size(), more);
  }
  return hints;
}

}  // namespace aksmesh::commands
