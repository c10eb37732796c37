// SPDX-License-Identifier: Apache-2.0
#include "checks/addon_gateways.hpp"
#include "checks/installed_shared_configs.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kSet =
    "workloads reach external hosts past the egress gateway: the mesh has ALLOW_ANY";
constexpr std::string_view kLeftOut =
    "workloads reach external hosts past the egress gateway: without a mode the mesh has ALLOW_ANY";

void check_config(const MeshConfigDocument& config, Findings& out) {
  if (is_broken(config)) {
    out.unknown(
        *config.object,
        "the mesh configuration is not valid YAML, so outboundTrafficPolicy cannot be read");
    return;
  }
  auto policy = config.root["outboundTrafficPolicy"];
  if (!policy) policy = config.root["outbound_traffic_policy"];
  const auto mode = policy["mode"];
  if (!mode)
    out.add(*config.object, policy ? policy : config.holder, kLeftOut);
  else if (mode.text() == "ALLOW_ANY")
    out.add(*config.object, mode, kSet);
}

void run(const Facts& facts, Findings& out) {
  const EgressGateways gateways(facts);
  if (gateways.empty()) return;
  const auto configs = installed_shared_configs(facts);
  for (const auto* config : configs) check_config(*config, out);
  if (!configs.empty()) return;
  const auto& gateway = *gateways.objects().front();
  if (facts.covers(Kind::config_map, kSystemNamespace))
    out.add(gateway, kLeftOut);
  else
    out.unknown(gateway,
                "the input holds no ConfigMaps of aks-istio-system; the shared ConfigMap tells the "
                "outboundTrafficPolicy");
}

}  // namespace

extern const Check egress_allow_any;
constinit const Check egress_allow_any{.slug = "egress-allow-any",
                                       .reads = kInstalledConfigKinds | kEgressGatewayKinds,
                                       .run = run,
                                       .concerns = has_egress_gateways};

}  // namespace aksmesh::checks
