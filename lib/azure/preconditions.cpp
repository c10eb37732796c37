// SPDX-License-Identifier: Apache-2.0
#include "azure/preconditions.hpp"

#include <algorithm>

#include "azure/words.hpp"
#include "base/strings.hpp"

namespace aksmesh::azure {
namespace {

/// `/subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/NAME`, case aside.
bool is_vault_id(std::string_view id) {
  if (!id.starts_with('/')) return false;
  const auto parts = split(id.substr(1), '/');
  return parts.size() == 8 && same_word(parts[0], "subscriptions") &&
         same_word(parts[2], "resourceGroups") && same_word(parts[4], "providers") &&
         same_word(parts[5], "Microsoft.KeyVault") && same_word(parts[6], "vaults") &&
         std::none_of(parts.begin(), parts.end(), [](auto part) { return part.empty(); });
}

std::vector<std::string> windows_pools(const ManagedCluster& cluster) {
  std::vector<std::string> out;
  for (const auto& pool : cluster.pools)
    if (same_word(pool.os_type, "Windows")) out.push_back(pool.name);
  return out;
}

bool has_app_routing(const ManagedCluster& cluster) {
  return same_word(cluster.body
                       .at({"properties", "ingressProfile", "webAppRouting",
                            "gatewayAPIImplementations", "appRoutingIstio", "mode"})
                       .text(),
                   "Enabled");
}

}  // namespace

void check_state(const ManagedCluster& cluster, Obstacles& out) {
  if (!cluster.power_state.empty() && !same_word(cluster.power_state, "Running"))
    out.push_back({"cluster-busy", "the cluster is " + to_lower(cluster.power_state)});
  if (!cluster.is_settled())
    out.push_back(
        {"cluster-busy", "an operation is under way: its state is " + cluster.provisioning_state});
  else if (!cluster.has_succeeded())
    out.push_back({"cluster-busy",
                   "the last operation ended with " + cluster.provisioning_state +
                       "; another change may repair that",
                   true});
}

void check_conflicts(const ManagedCluster& cluster, Obstacles& out) {
  const auto at = [&](std::initializer_list<std::string> path) { return cluster.body.at(path); };
  if (cluster.has_addon("openServiceMesh"))
    out.push_back({"osm-addon-enabled", "the add-on openServiceMesh is on"});
  if (has_app_routing(cluster))
    out.push_back({"app-routing-istio", "application routing runs its own Istio"});
  if (same_word(at({"properties", "networkProfile", "advancedNetworking", "security",
                    "transitEncryption", "type"})
                    .text(),
                "mTLS"))
    out.push_back({"cilium-mtls", "Cilium encrypts with mutual TLS on its own"});
  if (cluster.has_addon("aciConnectorLinux"))
    out.push_back({"virtual-nodes", "the add-on for virtual nodes is on", true});
  if (const auto windows = windows_pools(cluster); !windows.empty())
    out.push_back({"windows-containers", "node pools run Windows: " + join(windows, ", "), true});
  if (same_word(at({"properties", "networkProfile", "advancedNetworking", "security",
                    "advancedNetworkPolicies"})
                    .text(),
                "L7"))
    out.push_back({"acns-l7-policy", "layer 7 network policies are switched on", true});
  // The address is not told: it may hold a password.
  if (const auto proxy = at({"properties", "httpProxyConfig"});
      proxy["enabled"].as_bool().value_or(true) &&
      !(proxy["httpProxy"].text().empty() && proxy["httpsProxy"].text().empty()))
    out.push_back({"http-proxy-serviceentry",
                   "the cluster has an HTTP proxy: workloads of the mesh reach it only with a "
                   "ServiceEntry",
                   true});
}

void check_disable(const ManagedCluster& cluster, Obstacles& out) {
  // Not in the way: taking one of the two off is the remedy.
  if (has_app_routing(cluster))
    out.push_back({"app-routing-istio",
                   "application routing runs its own Istio in aks-istio-system too; it needs the "
                   "CRDs of the mesh gone",
                   true});
}

void check_plugin_ca(const ManagedCluster& cluster, const PluginCa& ca, Obstacles& out) {
  std::vector<std::string> missing;
  const auto need = [&](const std::string& value, const char* option) {
    if (value.empty()) missing.emplace_back(option);
  };
  need(ca.key_vault_id, "--key-vault-id");
  need(ca.cert_object, "--ca-cert-object-name");
  need(ca.key_object, "--ca-key-object-name");
  need(ca.root_cert_object, "--root-cert-object-name");
  need(ca.cert_chain_object, "--cert-chain-object-name");
  if (!missing.empty()) out.push_back({"plugin-ca-incomplete", "missing: " + join(missing, ", ")});
  if (!ca.key_vault_id.empty() && !is_vault_id(ca.key_vault_id))
    out.push_back(
        {"plugin-ca-vault-id", '\'' + ca.key_vault_id + "' is no resource id of a vault"});
  if (cluster.mesh.enabled && !cluster.mesh.plugin_ca)
    out.push_back({"plugin-ca-switch", "the mesh runs with certificates of its own"});
  if (!cluster.has_addon("azureKeyvaultSecretsProvider")) {
    out.push_back({"plugin-ca-addon", "the add-on azureKeyvaultSecretsProvider is off"});
    return;
  }
  const auto rotation =
      cluster.body.at({"properties", "addonProfiles", "azureKeyvaultSecretsProvider", "config",
                       "enableSecretRotation"});
  if (!same_word(rotation.text(), "true"))
    out.push_back({"plugin-ca-rotation-off", "the add-on does not rotate secrets", true});
}

void check_maintenance(const ManagedCluster& cluster, const std::vector<std::string>& windows,
                       Obstacles& out) {
  // planned-maintenance.md: the one of this name steers the weekly patches of AKS and the mesh.
  const bool steered = std::any_of(windows.begin(), windows.end(),
                                   [](const auto& name) { return same_word(name, "default"); });
  if (cluster.mesh.enabled && !steered)
    out.push_back({"maintenance-window",
                   windows.empty() ? "the cluster has no maintenance configuration"
                                   : "the cluster has the maintenance configurations " +
                                         join(windows, ", ") + ", and no default",
                   true});
}

}  // namespace aksmesh::azure
