// SPDX-License-Identifier: Apache-2.0
#include "mesh_rules.hpp"

#include <algorithm>
#include <regex>
#include <set>

#include "revisions.hpp"

namespace aksmesh::sim {
namespace {

using Refusal = std::optional<Response>;
using Names = std::vector<std::string>;

Refusal refuse(const std::string& message) {
  return service_error(400, "BadRequest", message);
}

Refusal refuse_change(const std::string& reason) {
  return refuse("Requested change in revisions is not allowed. Reason: " + reason);
}

bool holds(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Refusal check_features(const Json& cluster) {
  if (flag_at(cluster, {"properties", "addonProfiles", "openServiceMesh", "enabled"})) {
    return refuse("Istio based Azure service mesh is incompatible with feature openServiceMesh");
  }
  return std::nullopt;
}

Refusal check_ingress(const Json& gateways) {
  if (!gateways.is_array()) return std::nullopt;
  std::set<std::string> seen;
  for (const Json& gateway : gateways) {
    const std::string mode = text_at(gateway, {"mode"});
    if (mode != "External" && mode != "Internal") {
      return refuse("Invalid istio ingress mode: " + mode);
    }
    if (!seen.insert(mode).second) {
      return refuse("Too many ingresses for type: " + mode +
                    ". Only 1 ingress gateway are allowed");
    }
  }
  return std::nullopt;
}

// The texts of the refusals below are this simulator's: the service's own are not published.
Refusal check_egress(const Json& gateways) {
  if (!gateways.is_array()) return std::nullopt;
  static const std::regex form("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  std::set<std::string> seen;
  for (const Json& gateway : gateways) {
    const std::string name = text_at(gateway, {"name"});
    if (name.empty()) return refuse("Istio egress gateway name must not be empty");
    if (name.size() > 63 || !std::regex_match(name, form)) {
      return refuse("Invalid istio egress gateway name: " + name);
    }
    const std::string space = text_at(gateway, {"namespace"});
    if (!seen.insert((space.empty() ? "aks-istio-egress" : space) + "/" + name).second) {
      return refuse("Istio egress gateway " + name + " is given more than once");
    }
    if (flag_at(gateway, {"enabled"}) && text_at(gateway, {"gatewayConfigurationName"}).empty()) {
      return refuse("Istio egress gateway " + name + " is missing gatewayConfigurationName");
    }
  }
  return std::nullopt;
}

Refusal check_components(const Json& components) {
  if (Refusal refusal = check_ingress(at(components, {"ingressGateways"}))) return refusal;
  if (Refusal refusal = check_egress(at(components, {"egressGateways"}))) return refusal;
  const std::string mechanism = text_at(components, {"proxyRedirectionMechanism"});
  if (!mechanism.empty() && mechanism != "InitContainers" && mechanism != "CNIChaining") {
    return refuse("Invalid proxy redirection mechanism: " + mechanism);
  }
  return std::nullopt;
}

Refusal check_authority(const Json& authority, const Json& cluster) {
  const Json& plugin = at(authority, {"plugin"});
  if (!plugin.is_object()) return std::nullopt;
  std::string missing;
  for (const char* key : {"keyVaultId", "certObjectName", "keyObjectName", "rootCertObjectName",
                          "certChainObjectName"}) {
    if (text_at(plugin, {key}).empty()) missing += (missing.empty() ? "" : ", ") + std::string(key);
  }
  if (!missing.empty()) {
    return refuse("ServiceMeshProfile is missing required parameters: " + missing +
                  " for plugin certificate authority");
  }
  static const std::regex vault(
      "/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft.KeyVault/vaults/[^/]+",
      std::regex::ECMAScript | std::regex::icase);
  const std::string id = text_at(plugin, {"keyVaultId"});
  if (!std::regex_match(id, vault)) {
    return refuse("'KeyVaultId': '" + id + "' is not a valid Azure keyvault resource identifier.");
  }
  if (!flag_at(cluster,
               {"properties", "addonProfiles", "azureKeyvaultSecretsProvider", "enabled"})) {
    return refuse(
        "AzureKeyvaultSecretsProvider addon is required for Azure Service Mesh plugin certificate "
        "authority feature");
  }
  return std::nullopt;
}

Refusal check_added(const std::string& name, const Revisions& offered, const Json& cluster) {
  if (!is_revision(name) || !offered.offers(name)) {
    return refuse_change("Revision " + name + " is not supported by the service mesh add-on.");
  }
  if (offered.fits(name, cluster)) return std::nullopt;
  return refuse("Service mesh revision " + name + " is not compatible with cluster version " +
                text_at(cluster, {"properties", "currentKubernetesVersion"}) +
                ". To find information about mesh-cluster compatibility, use 'az aks mesh "
                "get-upgrades'");
}

Refusal check_step(const Names& before, const Names& after, const Revisions& offered,
                   const Json& cluster) {
  if (before.empty()) {
    return after.size() == 1 ? Refusal() : refuse_change("A new installation has one revision.");
  }
  for (const std::string& name : before) {
    if (holds(after, name)) continue;
    if (before.size() < 2) return refuse_change("Revision " + name + " is in use.");
  }
  for (const std::string& name : after) {
    if (holds(before, name)) continue;
    if (before.size() > 1) return refuse_change("Mesh upgrade is in progress.");
    if (!holds(offered.targets(before[0], cluster), name)) {
      return refuse_change("Revision " + name + " is not an upgrade of " + before[0] + ".");
    }
  }
  return std::nullopt;
}

Refusal check_revisions(const Names& before, const Names& after, const Revisions& offered,
                        const Json& cluster) {
  if (after.size() > 2) return refuse("Request exceeds maximum allowed number of revisions (2)");
  if (after.size() == 2 && after[0] == after[1]) {
    return refuse_change("Revision " + after[0] + " is given more than once.");
  }
  for (const std::string& name : after) {
    if (holds(before, name)) continue;
    if (Refusal refusal = check_added(name, offered, cluster)) return refusal;
  }
  return check_step(before, after, offered, cluster);
}

Names running_revisions(const Json& profile) {
  if (text_at(profile, {"mode"}) != "Istio") return {};
  return texts(at(profile, {"istio", "revisions"}));
}

// Components are there even when they are empty, unset members are not.
Json stored(const Json& requested, const Json& before, const Names& revisions) {
  Json out = requested;
  Json& istio = out["istio"];
  if (!at(istio, {"components"}).is_object()) istio["components"] = Json::object();
  // What the request leaves out of a running mesh stays as it is.
  if (text_at(before, {"mode"}) == "Istio") {
    for (const auto& [key, value] : at(before, {"istio"}).items()) {
      if (!istio.contains(key)) istio[key] = value;
    }
  }
  istio["revisions"] = revisions;
  for (const char* key : {"certificateAuthority"}) {
    if (istio.contains(key) && istio[key].is_null()) istio.erase(key);
  }
  for (const char* key : {"ingressGateways", "egressGateways", "proxyRedirectionMechanism"}) {
    Json& components = istio["components"];
    if (components.contains(key) && components[key].is_null()) components.erase(key);
  }
  return out;
}

MeshResult refused(Refusal refusal) {
  MeshResult out;
  out.refusal = std::move(refusal);
  return out;
}

MeshResult installed(const Scenario& scenario, const Json& cluster, const Json& requested) {
  const Json& before = at(cluster, {"properties", "serviceMeshProfile"});
  const Json& istio = at(requested, {"istio"});
  if (!istio.is_object()) {
    return refused(refuse("Istio profile is missing even though Service Mesh mode is Istio"));
  }
  if (Refusal refusal = check_features(cluster)) return refused(refusal);
  if (Refusal refusal = check_components(at(istio, {"components"}))) return refused(refusal);
  if (Refusal refusal = check_authority(at(istio, {"certificateAuthority"}), cluster)) {
    return refused(refusal);
  }
  const Revisions offered(scenario.revisions);
  const Names running = running_revisions(before);
  Names wanted = texts(at(istio, {"revisions"}));
  if (wanted.empty()) wanted = running;
  if (wanted.empty()) {
    wanted.push_back(scenario.default_revision.empty() ? offered.standard(cluster)
                                                       : scenario.default_revision);
  }
  if (wanted[0].empty()) {
    return refused(refuse(
        "Kubernetes version " + text_at(cluster, {"properties", "currentKubernetesVersion"}) +
        " not supported. Please upgrade to a supported cluster version first. To find "
        "compatibility information, use 'az aks mesh get-upgrades'"));
  }
  if (Refusal refusal = check_revisions(running, wanted, offered, cluster)) return refused(refusal);
  MeshResult out;
  out.profile = stored(requested, before, wanted);
  return out;
}

}  // namespace

MeshResult check_mesh(const Scenario& scenario, const Json& cluster, const Json& requested) {
  MeshResult out;
  if (requested.is_null()) {
    out.profile = at(cluster, {"properties", "serviceMeshProfile"});
    return out;
  }
  const std::string mode = text_at(requested, {"mode"});
  if (mode == "Istio") return installed(scenario, cluster, requested);
  if (mode != "Disabled") return refused(refuse("Missing service mesh mode: " + mode));
  out.profile = {{"mode", "Disabled"}};
  return out;
}

}  // namespace aksmesh::sim
