// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "checks/check.hpp"

namespace aksmesh::checks {

/// Pods of a Deployment that are ready, of those that are wanted; nothing without a status, as in a
/// manifest.
struct Readiness {
  std::int64_t ready = 0;
  std::int64_t wanted = 0;
  [[nodiscard]] bool is_down() const { return wanted > 0 && ready == 0; }
  [[nodiscard]] bool is_degraded() const { return ready > 0 && ready < wanted; }
  [[nodiscard]] std::string text() const {
    return std::to_string(ready) + " of " + std::to_string(wanted);
  }
};

inline std::optional<Readiness> readiness_of(const Object& deployment) {
  if (!deployment.status().is_mapping()) return std::nullopt;
  return Readiness{.ready = deployment.status()["readyReplicas"].as_int().value_or(0),
                   .wanted = deployment.spec()["replicas"].as_int().value_or(1)};
}

/// Reports that a Deployment is down or, under the other code, not wholly there.
inline void report_readiness(const Object& deployment, std::string_view down,
                             std::string_view degraded, Findings& out) {
  const auto found = readiness_of(deployment);
  if (!found || !(found->is_down() || found->is_degraded())) return;
  const auto status = deployment.status();
  out.report(found->is_down() ? down : degraded, deployment,
             status["readyReplicas"] ? status["readyReplicas"] : status,
             {std::string(deployment.name), found->text()});
}

}  // namespace aksmesh::checks
