// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "analyze_options.hpp"
#include "checks/runner.hpp"
#include "command.hpp"

namespace aksmesh::commands {

/// What one command that runs checks does differently from another.
struct Analysis {
  std::string command{};          ///< as typed
  checks::Selection selection{};  ///< the checks that it runs; empty: those of --only, or all
};

/// Reads the input, runs the checks, and settles what is shown and how the run ended.
Result<OutcomePtr> run_analysis(const Analysis& analysis, const AnalyzeOptions& options,
                                const Context& context);

}  // namespace aksmesh::commands
