// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sys/environment.hpp"
#include "sys/files.hpp"

namespace aksmesh::kube {

/// Which cluster kubectl would talk to.
struct CurrentCluster {
  std::string context{};
  std::string host{};  ///< of the API server: lower case, without port
};

/// The files that kubectl reads: those that KUBECONFIG lists, else ~/.kube/config; none without a
/// home. What is written goes into the first.
std::vector<std::string> kubeconfig_files(const sys::Environment& env);

/// From the files that KUBECONFIG lists, else from ~/.kube/config; a file that is missing is passed
/// over, and of several the first that says a thing counts. Nothing when there is no current
/// context. Kind usage when a file cannot be read, or when the context leads to no server.
Result<std::optional<CurrentCluster>> current_cluster(sys::Files& files,
                                                      const sys::Environment& env);

/// The host of an address such as https://HOST:443/path, in lower case.
std::string host_of(std::string_view address);

}  // namespace aksmesh::kube
