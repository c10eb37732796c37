// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "analyze_options.hpp"
#include "base/result.hpp"

namespace aksmesh::commands {

/// The input of one cluster, or of the only one, which then has no name.
struct AnalyzeInput {
  std::string cluster{};
  std::vector<std::string> paths{};
  bool live = false;  ///< the cluster of the kubeconfig, under the files
};

/// What a command that runs checks is to read, cluster by cluster; a usage error when that is
/// nothing, or something that cannot be read yet. `command` and `program` are the words to show.
Result<std::vector<AnalyzeInput>> analyze_inputs(const AnalyzeOptions& options,
                                                 const std::string& command,
                                                 const std::string& program);

}  // namespace aksmesh::commands
