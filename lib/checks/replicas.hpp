// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "checks/check.hpp"

namespace aksmesh::checks {

/// Pods of a Deployment.
struct Replicas {
  std::int64_t ready = 0;
  std::int64_t wanted = 0;
  [[nodiscard]] bool is_down() const { return wanted > 0 && ready == 0; }
  [[nodiscard]] bool is_degraded() const { return ready > 0 && ready < wanted; }
};

inline Replicas replicas_of(const Object& deployment) {
  const auto number = [](const Node& node, std::int64_t otherwise) {
    return std::max<std::int64_t>(node.as_int().value_or(otherwise), 0);
  };
  // Kubernetes makes one where none is said.
  return {.ready = number(deployment.status()["readyReplicas"], 0),
          .wanted = number(deployment.spec()["replicas"], 1)};
}

/// Reports that a Deployment is down or, under the other code, not wholly there; nothing of one
/// without a status, as in a manifest.
inline void report_readiness(const Object& deployment, std::string_view down,
                             std::string_view degraded, Findings& out) {
  const auto status = deployment.status();
  const auto pods = replicas_of(deployment);
  if (!status.is_mapping() || !(pods.is_down() || pods.is_degraded())) return;
  out.report(pods.is_down() ? down : degraded, deployment,
             status["readyReplicas"] ? status["readyReplicas"] : status,
             {std::string(deployment.name),
              std::to_string(pods.ready) + " of " + std::to_string(pods.wanted)});
}

}  // namespace aksmesh::checks
