// SPDX-License-Identifier: Apache-2.0
#include "checks/gateway_config_maps.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  const auto least = gateway_constraint("horizontalPodAutoscaler spec.minReplicas")["min"];
  for (const auto& [config_map, of_class] : gateway_config_maps(facts, out)) {
    const auto section = config_map->root.at("data", "horizontalPodAutoscaler");
    const auto replicas = read_section(facts, *config_map, section, out).at("spec", "minReplicas");
    const auto count = replicas.as_int();
    if (!count || *count >= least.as_int()) continue;
    out.add(*config_map, replicas,
            "ConfigMap {name} lets gateways shrink to {value}, and the add-on wants minReplicas "
            "{least} or more",
            {{"name", std::string(config_map->name)},
             {"value", std::to_string(*count)},
             {"least", std::string(least.text())}});
  }
}

}  // namespace

extern const Check gateway_hpa_min;
constinit const Check gateway_hpa_min{
    .slug = "gateway-hpa-min", .reads = kGatewayConfigKinds, .run = run};

}  // namespace aksmesh::checks
