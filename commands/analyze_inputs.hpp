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

/// Whether no objects are looked at at all, because something else tells enough.
inline bool is_left_out(const AnalyzeInput& input, const AnalyzeOptions& options) {
  return options.may_be_empty && input.paths.empty() && !input.live;
}

/// What a command that runs checks is to read, cluster by cluster; a usage error when that is
/// nothing, or something that cannot be read yet. `command` and `program` are the words to show.
Result<std::vector<AnalyzeInput>> analyze_inputs(const AnalyzeOptions& options,
                                                 const std::string& command,
                                                 const std::string& program);

}  // namespace aksmesh::commands
