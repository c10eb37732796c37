// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/platform/addon_autoscalers.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  const auto least = mesh::table("thresholds.json").at("autoscalers", "minReplicas");
  for (const auto* autoscaler : facts.all(Kind::horizontal_pod_autoscaler)) {
    const auto replicas = autoscaler->spec()["minReplicas"];
    const auto count = replicas.as_int();
    if (!count || *count >= least.as_int() || !is_addon_autoscaler(*autoscaler)) continue;
    out.add(*autoscaler, replicas,
            "minReplicas {value} of {name} is refused or reset: the add-on wants {least} or more",
            {{"value", std::to_string(*count)},
             {"name", std::string(autoscaler->name)},
             {"least", std::string(least.text())}});
  }
}

}  // namespace

extern const Check hpa_min_replicas;
constinit const Check hpa_min_replicas{.slug = "hpa-min-replicas",
                                       .reads = {Kind::horizontal_pod_autoscaler},
                                       .run = run,
                                       .concerns = has_addon_autoscalers};

}  // namespace aksmesh::checks
