// SPDX-License-Identifier: Apache-2.0
#include "azure/preconditions.hpp"

#include <algorithm>

#include "azure/table.hpp"
#include "azure/words.hpp"
#include "base/strings.hpp"
#include "base/version_number.hpp"

namespace aksmesh::azure {
namespace {

using data::Node;

std::string quoted(std::string_view text) {
  return '\'' + std::string(text) + '\'';
}

Node limit(std::string_view name) {
  return table("limits.json")[name]["value"];
}

std::vector<std::string> names_of(const std::vector<MeshRevision>& revisions) {
  std::vector<std::string> out;
  for (const auto& one : revisions) out.push_back(one.revision);
  return out;
}

bool is_gateway_name(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (name.empty()) return false;
  for (const auto part : split(name, '.')) {
    if (part.empty() || !plain(part.front()) || !plain(part.back())) return false;
    if (!std::all_of(part.begin(), part.end(), [&](char c) { return plain(c) || c == '-'; }))
      return false;
  }
  return true;
}

/// `/subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/NAME`, case aside.
bool is_vault_id(std::string_view id) {
  if (!id.starts_with('/')) return false;
  const auto parts = split(id.substr(1), '/');
  return parts.size() == 8 && same_word(parts[0], "subscriptions") &&
         same_word(parts[2], "resourceGroups") && same_word(parts[4], "providers") &&
         same_word(parts[5], "Microsoft.KeyVault") && same_word(parts[6], "vaults") &&
         std::none_of(parts.begin(), parts.end(), [](auto part) { return part.empty(); });
}

std::vector<std::string> pools_where(const ManagedCluster& cluster,
                                     bool (*wanted)(const AgentPool&)) {
  std::vector<std::string> out;
  for (const auto& pool : cluster.pools)
    if (wanted(pool)) out.push_back(pool.name);
  return out;
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
  if (const auto mode = at({"properties", "ingressProfile", "webAppRouting",
                            "gatewayAPIImplementations", "appRoutingIstio", "mode"});
      same_word(mode.text(), "Enabled"))
    out.push_back({"app-routing-istio", "application routing runs its own Istio"});
  if (cluster.has_addon("aciConnectorLinux"))
    out.push_back({"virtual-nodes", "the add-on for virtual nodes is on", true});
  if (const auto windows = pools_where(
          cluster, [](const AgentPool& pool) { return same_word(pool.os_type, "Windows"); });
      !windows.empty())
    out.push_back({"windows-containers", "node pools run Windows: " + join(windows, ", "), true});
  if (same_word(at({"properties", "networkProfile", "advancedNetworking", "security",
                    "advancedNetworkPolicies"})
                    .text(),
                "L7"))
    out.push_back({"acns-l7-policy", "layer 7 network policies are switched on", true});
}

void check_revision(const ManagedCluster& cluster, const std::string& revision,
                    const std::vector<MeshRevision>& offered, Obstacles& out) {
  const auto found = std::find_if(offered.begin(), offered.end(), [&](const MeshRevision& one) {
    return one.revision == revision;
  });
  if (found == offered.end()) {
    const auto names = names_of(offered);
    out.push_back({"revision-not-offered",
                   cluster.location + " offers " +
                       (names.empty() ? std::string("no revision") : join(names, ", ")) + ", not " +
                       revision});
    return;
  }
  if (!found->fits(cluster.kubernetes_version, cluster.support_plan))
    out.push_back({"cluster-version-incompatible",
                   "the cluster runs Kubernetes " + cluster.kubernetes_version + " (" +
                       cluster.support_plan + "), which " + revision + " is not offered for"});
}

void check_upgrade(const ManagedCluster& cluster, const std::string& revision,
                   const std::vector<MeshRevision>& upgrades, Obstacles& out) {
  const auto& present = cluster.mesh.revisions;
  if (present.empty()) return;
  if (parse_revision(revision) < parse_revision(present.front())) {
    out.push_back({"downgrade", "the cluster runs " + present.front() + ", which is newer"});
    return;
  }
  for (const auto& one : upgrades) {
    if (one.revision != present.front()) continue;
    if (std::find(one.upgrades.begin(), one.upgrades.end(), revision) == one.upgrades.end())
      out.push_back(
          {"upgrade-skips-too-far",
           "from " + one.revision + " the cluster can be upgraded to " +
               (one.upgrades.empty() ? std::string("nothing") : join(one.upgrades, " or ")) +
               ", not to " + revision});
  }
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
        {"plugin-ca-vault-id", quoted(ca.key_vault_id) + " is no resource id of a vault"});
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

void check_egress(const ManagedCluster& cluster, const EgressGateway& gateway, Obstacles& out) {
  if (!is_gateway_name(gateway.name) ||
      gateway.name.size() >
          static_cast<std::size_t>(limit("egressNameLongest").as_int().value_or(63)))
    out.push_back({"egress-name", quoted(gateway.name) + " is no name for an egress gateway"});
  else if (gateway.name.size() >
           static_cast<std::size_t>(limit("egressNameAdvised").as_int().value_or(53)))
    out.push_back(
        {"egress-name", quoted(gateway.name) + " is so long that its release may fail", true});
  if (!cluster.has_static_egress())
    out.push_back({"egress-static-gateway", "static egress gateways are switched off"});
  if (pools_where(cluster, [](const AgentPool& pool) {
        return same_word(pool.mode, "Gateway");
      }).empty())
    out.push_back({"egress-gateway-pool", "there is no node pool of mode Gateway"});
  for (const auto& pool : cluster.body.at({"properties", "agentPoolProfiles"}).items())
    if (!pool["podSubnetID"].text().empty()) {
      out.push_back({"egress-pod-subnet", "the pods of pool " + std::string(pool["name"].text()) +
                                              " have a subnet of their own"});
      break;
    }
  for (const auto& family : cluster.body.at({"properties", "networkProfile", "ipFamilies"}).items())
    if (same_word(family.text(), "IPv6"))
      out.push_back({"egress-dual-stack", "the cluster has IPv6 addresses"});
  const auto enabled = std::count_if(cluster.mesh.egress.begin(), cluster.mesh.egress.end(),
                                     [](const EgressGateway& one) { return one.enabled; });
  if (enabled >= limit("egressGateways").as_int().value_or(500))
    out.push_back({"egress-count", std::to_string(enabled) + " egress gateways are on"});
}

void check_redirection(const ManagedCluster& cluster, const std::string& mechanism,
                       Obstacles& out) {
  if (!same_word(mechanism, "CNIChaining")) return;
  const auto first = parse_revision(limit("cniFirstRevision").text());
  for (const auto& revision : cluster.mesh.revisions)
    if (parse_revision(revision) < first)
      out.push_back({"cni-revision", "the cluster runs " + revision});
}

}  // namespace aksmesh::azure
