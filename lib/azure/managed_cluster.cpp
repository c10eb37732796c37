// SPDX-License-Identifier: Apache-2.0
#include "azure/managed_cluster.hpp"

#include <algorithm>

#include "azure/table.hpp"
#include "azure/words.hpp"
#include "base/strings.hpp"
#include "base/version_number.hpp"

namespace aksmesh::azure {
namespace {

constexpr std::string_view kEgressNamespace = "aks-istio-egress";

bool is_true(const data::Node& node) {
  return node.as_bool().value_or(false);
}

bool matches(std::string_view pattern, const data::JsonPath& path) {
  const auto steps = split(pattern, '.');
  if (steps.size() != path.size()) return false;
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (steps[i] != "*" && steps[i] != path[i]) return false;
  return true;
}

bool is_left_out(const data::JsonPath& path) {
  for (const std::string_view list : {"readOnly", "actsWhenSent"})
    for (const auto& pattern : table("managed-cluster.json")[list].items())
      if (matches(pattern.text(), path)) return true;
  return false;
}

std::optional<PluginCa> read_ca(const data::Node& plugin) {
  if (!plugin.is_mapping()) return std::nullopt;
  return PluginCa{.key_vault_id = std::string(plugin["keyVaultId"].text()),
                  .cert_object = std::string(plugin["certObjectName"].text()),
                  .key_object = std::string(plugin["keyObjectName"].text()),
                  .root_cert_object = std::string(plugin["rootCertObjectName"].text()),
                  .cert_chain_object = std::string(plugin["certChainObjectName"].text())};
}

}  // namespace

MeshProfile read_profile(const data::Node& profile) {
  MeshProfile out{.enabled = same_word(profile["mode"].text(), "Istio")};
  if (!out.enabled) return out;
  const auto istio = profile["istio"];
  for (const auto& revision : istio["revisions"].items())
    out.revisions.emplace_back(revision.text());
  std::stable_sort(out.revisions.begin(), out.revisions.end(),
                   [](const std::string& a, const std::string& b) {
                     return parse_revision(a) < parse_revision(b);
                   });
  const auto components = istio["components"];
  for (const auto& one : components["ingressGateways"].items())
    out.ingress.push_back({std::string(one["mode"].text()), is_true(one["enabled"])});
  for (const auto& one : components["egressGateways"].items()) {
    EgressGateway gateway{.name = std::string(one["name"].text()),
                          .name_space = std::string(one["namespace"].text()),
                          .configuration = std::string(one["gatewayConfigurationName"].text()),
                          .enabled = is_true(one["enabled"])};
    if (gateway.name_space.empty()) gateway.name_space = kEgressNamespace;
    out.egress.push_back(std::move(gateway));
  }
  out.redirection = components["proxyRedirectionMechanism"].text();
  out.plugin_ca = read_ca(istio.at("certificateAuthority", "plugin"));
  return out;
}

namespace {

/// Like gateways that are off, those that are not mentioned do not run.
void compare_gateways(const MeshProfile& profile, const MeshProfile& wanted,
                      std::vector<std::string>& out) {
  const auto word = [](bool enabled) { return std::string(enabled ? " is off" : " is on"); };
  for (const auto& one : wanted.ingress) {
    const bool on =
        std::any_of(profile.ingress.begin(), profile.ingress.end(),
                    [&](const auto& has) { return has.enabled && same_word(has.mode, one.mode); });
    if (on != one.enabled)
      out.push_back("the ingress gateway " + to_lower(one.mode) + word(one.enabled));
  }
  for (const auto& one : wanted.egress) {
    const bool on = std::any_of(profile.egress.begin(), profile.egress.end(), [&](const auto& has) {
      return has.enabled && has.name == one.name && has.name_space == one.name_space;
    });
    if (on != one.enabled)
      out.push_back("the egress gateway " + one.name_space + '/' + one.name + word(one.enabled));
  }
}

}  // namespace

std::vector<std::string> what_lacks(const MeshProfile& profile, const MeshProfile& wanted) {
  if (profile.enabled != wanted.enabled)
    return {std::string("the mesh is ") + (profile.enabled ? "on" : "off")};
  std::vector<std::string> out;
  if (!wanted.enabled) return out;
  if (!wanted.revisions.empty() && profile.revisions != wanted.revisions)
    out.push_back(
        "it has " +
        (profile.revisions.empty() ? std::string("no revision") : join(profile.revisions, ", ")) +
        " instead of " + join(wanted.revisions, ", "));
  compare_gateways(profile, wanted, out);
  if (!wanted.redirection.empty() && !same_word(profile.redirection, wanted.redirection))
    out.push_back("the redirection mechanism is " +
                  (profile.redirection.empty() ? "not set" : profile.redirection));
  if (wanted.plugin_ca && profile.plugin_ca != wanted.plugin_ca)
    out.emplace_back("the plug-in certificate authority is another one");
  return out;
}

Result<ManagedCluster> read_cluster(std::string json) {
  auto document = data::JsonDocument::parse(std::move(json));
  const auto root = document ? document->root() : data::Node{};
  const auto properties = root["properties"];
  if (!properties.is_mapping())
    return Error{.kind = ErrorKind::bad_data,
                 .what = "cannot understand what Azure says of the cluster",
                 .why = document ? "the answer has no properties" : "the answer is no JSON"};
  const auto text = [](const data::Node& node) { return std::string(node.text()); };
  ManagedCluster out{.body = std::move(*document),
                     .id = text(root["id"]),
                     .name = text(root["name"]),
                     .location = text(root["location"]),
                     .etag = text(root["eTag"]),
                     .provisioning_state = text(properties["provisioningState"]),
                     .power_state = text(properties.at("powerState", "code")),
                     .kubernetes_version = text(properties["currentKubernetesVersion"]),
                     .support_plan = text(properties["supportPlan"]),
                     .fqdn = text(properties["fqdn"]),
                     .private_fqdn = text(properties["privateFQDN"]),
                     .mesh = read_profile(properties["serviceMeshProfile"])};
  if (out.kubernetes_version.empty())
    out.kubernetes_version = text(properties["kubernetesVersion"]);
  if (out.support_plan.empty()) out.support_plan = "KubernetesOfficial";
  for (const auto& pool : properties["agentPoolProfiles"].items())
    out.pools.push_back({.name = text(pool["name"]),
                         .mode = text(pool["mode"]),
                         .os_type = text(pool["osType"]),
                         .kubernetes_version = text(pool["currentOrchestratorVersion"]),
                         .power_state = text(pool.at("powerState", "code"))});
  return out;
}

bool ManagedCluster::has_addon(std::string_view addon) const {
  for (const auto& [key, value] : body.at({"properties", "addonProfiles"}).entries())
    if (same_word(key.text(), addon)) return is_true(value["enabled"]);
  return false;
}

bool ManagedCluster::has_static_egress() const {
  return is_true(
      body.at({"properties", "networkProfile", "staticEgressGatewayProfile", "enabled"}));
}

data::Node ManagedCluster::provisioning_error() const {
  return body.at({"properties", "status", "provisioningError"});
}

bool ManagedCluster::is_settled() const {
  return is_final_state(provisioning_state);
}

bool ManagedCluster::has_succeeded() const {
  return same_word(provisioning_state, "Succeeded");
}

bool is_final_state(std::string_view state) {
  const auto states = table("managed-cluster.json")["finalStates"].items();
  return std::any_of(states.begin(), states.end(),
                     [&](const data::Node& one) { return same_word(one.text(), state); });
}

data::JsonDocument writable(const data::JsonDocument& body) {
  return data::without(body, is_left_out);
}

}  // namespace aksmesh::azure
