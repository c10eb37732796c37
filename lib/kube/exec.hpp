// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kube/client.hpp"
#include "sys/random.hpp"

namespace aksmesh::kube {

/// A program to run in a container of a pod, without a shell and without input.
struct PodCommand {
  std::string name_space{};
  std::string pod{};
  std::string container{};
  std::vector<std::string> words{};
  std::int64_t timeout = 0;  ///< milliseconds; 0: that of any request
};

struct PodCommandResult {
  std::string out{};
  std::string err{};
  int exit_code = 0;
};

/// Runs each, a bounded number at a time. A program that ran is a result, whatever its exit code;
/// errors are those of the API server (denied, not_found), of what keeps the program from running
/// (server), network, timeout, cancelled.
std::vector<Result<PodCommandResult>> run_in_pods(Client& client, sys::Random& random,
                                                  const std::vector<PodCommand>& commands);

/// How a run ended, as the Status object of the error channel tells it. Kind server when the
/// program could not be run.
Result<int> exit_code_of(std::string_view status);

}  // namespace aksmesh::kube
