// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "analysis.hpp"

namespace aksmesh::commands {
namespace {

Result<OutcomePtr> run(const AnalyzeOptions& options, const Context& context) {
  auto o = options;
  o.reads_clusters = true;
  return run_analysis({.command = "analyze"}, o, context);
}

constexpr std::array kExamples{
    Example{"aksmesh analyze manifests/", "What will the add-on refuse, ignore or break?"},
    Example{"aksmesh analyze", "What is wrong in the cluster of the current context?"},
    Example{"aksmesh analyze --live manifests/",
            "What will be wrong there once these files are applied?"},
    Example{"aksmesh analyze --revision asm-1-29 --fail-on warning deploy.yaml",
            "Fail a pipeline from warnings on"},
    Example{"aksmesh analyze -o sarif --output-file aksmesh.sarif rendered/",
            "A report for code scanning"},
    Example{"aksmesh analyze --fix --dry-run manifests/",
            "Which mistakes can be repaired, and how?"},
    Example{"aksmesh analyze --policy seed-2023 -",
            "Read standard input under the rules of 2024's general availability"},
};

}  // namespace

extern const Command analyze_command;
constinit const Command analyze_command = command<declare_analyze, run>(
    {.path = "analyze",
     .summary = "Tell what the add-on will refuse, ignore or break in manifests or a live cluster",
     .page = "commands/analyze.md",
     .formats = Formats::findings,
     .examples = kExamples});

}  // namespace aksmesh::commands
