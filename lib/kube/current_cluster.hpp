// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "sys/environment.hpp"
#include "sys/files.hpp"

namespace aksmesh::kube {

/// Which cluster kubectl would talk to.
struct CurrentCluster {
  std::string context{};
  std::string host{};  ///< of the API server: lower case, without port
};

/// From the kubeconfig. Nothing when there is no current context. Kind usage when a file cannot be
/// read, or when the context leads to no server.
Result<std::optional<CurrentCluster>> current_cluster(sys::Files& files,
                                                      const sys::Environment& env);

}  // namespace aksmesh::kube
