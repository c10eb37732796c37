// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/istiods.hpp"

namespace aksmesh::checks {
namespace {

// istio-metrics-managed-prometheus.md
constexpr std::string_view kAgentLabel = "rsName";
constexpr std::string_view kAgent = "ama-metrics";

bool can_tell(const Facts& facts) {
  return has_istiods(facts) && facts.covers(Kind::pod, kKubeSystemNamespace);
}

void run(const Facts& facts, Findings& out) {
  const auto control_planes = istiods(facts);
  if (!can_tell(facts)) return;
  const auto& pods = facts.all(Kind::pod);
  const bool runs = std::any_of(pods.begin(), pods.end(), [](const Object* pod) {
    return pod->name_space == kKubeSystemNamespace && pod->label(kAgentLabel).text() == kAgent;
  });
  if (!runs)
    out.add(*control_planes.rbegin()->second,
            "no pods of managed Prometheus run in {namespace}: metrics of the mesh go nowhere in "
            "Azure Monitor",
            {{"namespace", std::string(kKubeSystemNamespace)}});
}

}  // namespace

extern const Check metrics_addon_off;
constinit const Check metrics_addon_off{.slug = "metrics-addon-off",
                                        .reads = {Kind::deployment, Kind::pod},
                                        .run = run,
                                        .concerns = can_tell};

}  // namespace aksmesh::checks
