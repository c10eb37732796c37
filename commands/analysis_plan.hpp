// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "analyze_inputs.hpp"
#include "analyze_options.hpp"
#include "checks/runner.hpp"
#include "checks/suppress.hpp"
#include "context.hpp"
#include "mesh/policy.hpp"

namespace aksmesh::commands {

/// What the options of a command that runs checks come to.
struct AnalysisPlan {
  std::vector<AnalyzeInput> inputs;
  mesh::Policy policy;
  mesh::Model::Options model;
  checks::Selection selection;
  checks::Suppressions suppressions;
  std::string default_namespace;  ///< for objects that name none
  /// The input as it was named, for people.
  [[nodiscard]] std::vector<std::string> paths() const;
};

/// A usage error when the options, or the files that they name, cannot be understood.
Result<AnalysisPlan> plan_analysis(const AnalyzeOptions& options, const std::string& command,
                                   const Context& context);

}  // namespace aksmesh::commands
