// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "analysis_plan.hpp"
#include "analyze_options.hpp"
#include "checks/runner.hpp"
#include "command.hpp"
#include "findings_outcome.hpp"

namespace aksmesh::commands {

/// What one command that runs checks does differently from another.
struct Analysis {
  std::string command{};          ///< as typed
  checks::Selection selection{};  ///< the checks that it runs; empty: those of --only, or all
  /// Runs the checks of this phase (checks::of_phase), or of those what --only names.
  std::string phase{};
  FindingsOutcome::Layout layout = FindingsOutcome::Layout::worst_first;
  /// Whether a cluster that cannot be read ends the run, or leaves its part unknown.
  enum class Cluster { required, wanted } cluster = Cluster::required;
  /// Reads the objects of the cluster in the place of a session that is opened for that, and says
  /// its name for people; may be empty.
  std::function<Result<kube::LiveObjects>(const kube::KindSet&, const std::string& cluster,
                                          std::string& name)>
      read{};
  /// Whether nothing else is looked at, so that a cluster that refuses everything ends the run.
  bool cluster_alone = false;
  /// Adds what the istiods of a cluster tell; may be empty.
  std::function<Status(const AnalysisPlan&, const mesh::Model&, report::FindingSet&)> beside{};
  /// Adds what others than objects tell of the wanted checks; may be empty.
  std::function<void(const AnalysisPlan&, report::FindingSet&)> more{};
};

/// Reads the input, runs the checks, and settles what is shown and how the run ended.
Result<OutcomePtr> run_analysis(const Analysis& analysis, const AnalyzeOptions& options,
                                const Context& context);

}  // namespace aksmesh::commands
