// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "analysis.hpp"
#include "base/strings.hpp"

namespace aksmesh::commands {
namespace {

/// What an API server with Istio's webhook refuses, and what `istioctl validate` warns of.
constexpr std::array<std::string_view, 12> kCodes{"AKM7001", "AKM7002", "AKM7003", "AKM7004",
                                                  "AKM7005", "AKM7006", "AKM7007", "AKM7008",
                                                  "IST0106", "IST0130", "IST0131", "IST0133"};

void declare(OptionSet& set, AnalyzeOptions& o) {
  declare_input(set, o, Paths::needed);
  declare_policy(set, o);
  declare_result(set, o);
}

Result<OutcomePtr> run(const AnalyzeOptions& typed, const Context& context) {
  auto o = typed;
  // istioctl's -f takes several files with commas between.
  o.files.clear();
  for (const auto& files : typed.files)
    for (const auto file : split(files, ','))
      if (!file.empty()) o.files.emplace_back(file);
  Analysis analysis{.command = "validate"};
  analysis.selection.codes.assign(kCodes.begin(), kCodes.end());
  return run_analysis(analysis, o, context);
}

constexpr std::array<std::string_view, 1> kAliases{"v"};

constexpr std::array kExamples{
    Example{"aksmesh validate manifests/", "Would an API server with Istio's webhook accept this?"},
    Example{"aksmesh validate -f deploy.yaml --fail-on warning", "A gate before a commit"},
    Example{"aksmesh validate -o github -", "Annotations on a pull request, from standard input"},
};

}  // namespace

extern const Command validate_command;
constinit const Command validate_command = command<declare, run>(
    {.path = "validate",
     .summary = "Tell what an API server or Istio's webhook would refuse, object by object",
     .page = "commands/validate.md",
     .formats = Formats::findings,
     .examples = kExamples,
     .aliases = kAliases});

}  // namespace aksmesh::commands
