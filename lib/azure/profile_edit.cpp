// SPDX-License-Identifier: Apache-2.0
#include "azure/profile_edit.hpp"

#include <algorithm>

#include "azure/words.hpp"
#include "base/strings.hpp"

namespace aksmesh::azure {
namespace {

using data::json_string;
using data::JsonPath;

const JsonPath kProfile{"properties", "serviceMeshProfile"};

JsonPath in_profile(std::initializer_list<std::string> steps) {
  auto out = kProfile;
  out.insert(out.end(), steps);
  return out;
}

/// A body whose shape no answer of the service has.
Error odd_body() {
  return {.kind = ErrorKind::bad_data,
          .what = "cannot change the mesh profile",
          .why = "the profile that Azure returned has a shape that this program does not know"};
}

Result<JsonDocument> sound(std::optional<JsonDocument> document) {
  if (!document) return odd_body();
  return std::move(*document);
}

Result<JsonDocument> unchanged(const ManagedCluster& cluster) {
  return sound(JsonDocument::parse(cluster.body.text()));
}

std::string ca_text(const PluginCa& ca) {
  return "{\"keyVaultId\":" + json_string(ca.key_vault_id) +
         ",\"certObjectName\":" + json_string(ca.cert_object) +
         ",\"keyObjectName\":" + json_string(ca.key_object) +
         ",\"rootCertObjectName\":" + json_string(ca.root_cert_object) +
         ",\"certChainObjectName\":" + json_string(ca.cert_chain_object) + '}';
}

std::string revisions_text(const std::vector<std::string>& revisions) {
  std::vector<std::string> quoted;
  for (const auto& one : revisions) quoted.push_back(json_string(one));
  return '[' + join(quoted, ",") + ']';
}

Result<JsonDocument> with_revisions(const ManagedCluster& cluster,
                                    const std::vector<std::string>& revisions) {
  return sound(
      data::with(cluster.body, in_profile({"istio", "revisions"}), revisions_text(revisions)));
}

std::string egress_text(const EgressGateway& gateway) {
  return "{\"name\":" + json_string(gateway.name) +
         ",\"namespace\":" + json_string(gateway.name_space) +
         ",\"gatewayConfigurationName\":" + json_string(gateway.configuration) +
         ",\"enabled\":true}";
}

Error not_upgrading(const ManagedCluster& cluster, std::string what) {
  return {.kind = ErrorKind::conflict,
          .what = std::move(what),
          .why = "no upgrade is in progress: " + cluster.name + " runs " +
                 join(cluster.mesh.revisions, ", ") + " alone",
          .next = {"aksmesh upgrade list   (shows what it can be upgraded to)"},
          .facts = {.code = "AKM1108"}};
}

}  // namespace

Error mesh_is_off(const ManagedCluster& cluster, std::string what) {
  return {.kind = ErrorKind::conflict,
          .what = std::move(what),
          .why = "the mesh is not enabled on " + cluster.name,
          .next = {"aksmesh enable"}};
}

namespace {

/// To enable a gateway would enable the mesh along with it, which nobody has asked for.
Error mesh_not_implied(const ManagedCluster& cluster, std::string what) {
  auto out = mesh_is_off(cluster, std::move(what));
  out.facts.code = "AKM4005";
  return out;
}

}  // namespace

Result<JsonDocument> enabled(const ManagedCluster& cluster, const EnableWish& wish) {
  if (cluster.mesh.enabled) {
    const auto& revisions = cluster.mesh.revisions;
    const bool same_revision = wish.revision.empty() || revisions == std::vector{wish.revision};
    const bool same_way =
        wish.redirection.empty() || same_word(wish.redirection, cluster.mesh.redirection);
    const bool same_ca = !wish.plugin_ca || cluster.mesh.plugin_ca == wish.plugin_ca;
    if (same_revision && same_way && same_ca) return unchanged(cluster);
    Error error{.kind = ErrorKind::conflict,
                .what = "cannot enable the mesh on " + cluster.name,
                .why = "it is enabled already, with " + join(revisions, " and ")};
    if (!same_revision) error.next.push_back("aksmesh upgrade start --revision " + wish.revision);
    if (!same_way) error.next.push_back("aksmesh redirection set " + wish.redirection);
    if (!same_ca)
      error.next.push_back(
          "plug-in certificates can be chosen only when the mesh is enabled: aksmesh ca show");
    return error;
  }
  std::string istio;
  if (!wish.revision.empty()) istio += ",\"revisions\":" + revisions_text({wish.revision});
  if (!wish.redirection.empty())
    istio +=
        ",\"components\":{\"proxyRedirectionMechanism\":" + json_string(wish.redirection) + '}';
  if (wish.plugin_ca)
    istio += ",\"certificateAuthority\":{\"plugin\":" + ca_text(*wish.plugin_ca) + '}';
  if (!istio.empty()) istio.erase(0, 1);
  return sound(
      data::with(cluster.body, kProfile, "{\"mode\":\"Istio\",\"istio\":{" + istio + "}}"));
}

Result<JsonDocument> disabled(const ManagedCluster& cluster) {
  if (!cluster.mesh.enabled) return unchanged(cluster);
  return sound(data::with(cluster.body, in_profile({"mode"}), "\"Disabled\""));
}

Result<JsonDocument> with_ingress(const ManagedCluster& cluster, const std::string& mode, bool on) {
  if (!cluster.mesh.enabled)
    return on ? mesh_not_implied(cluster,
                                 "cannot enable the " + to_lower(mode) + " ingress gateway")
              : mesh_is_off(cluster, "cannot disable the " + to_lower(mode) + " ingress gateway");
  const auto list = in_profile({"istio", "components", "ingressGateways"});
  const auto& present = cluster.mesh.ingress;
  const auto found = std::find_if(present.begin(), present.end(), [&](const IngressGateway& one) {
    return same_word(one.mode, mode);
  });
  if (found == present.end() && !on) return unchanged(cluster);
  if (found == present.end())
    return sound(data::with_item(cluster.body, list,
                                 "{\"mode\":" + json_string(mode) + ",\"enabled\":true}"));
  if (found->enabled == on) return unchanged(cluster);
  auto path = list;
  path.push_back(std::to_string(found - present.begin()));
  path.emplace_back("enabled");
  return sound(data::with(cluster.body, path, on ? "true" : "false"));
}

Result<JsonDocument> with_egress(const ManagedCluster& cluster, const EgressGateway& gateway) {
  const bool on = gateway.enabled;
  const auto what = std::string("cannot ") + (on ? "enable" : "disable") + " the egress gateway " +
                    gateway.name_space + '/' + gateway.name;
  if (!cluster.mesh.enabled)
    return on ? mesh_not_implied(cluster, what) : mesh_is_off(cluster, what);
  auto path = in_profile({"istio", "components", "egressGateways"});
  const auto& present = cluster.mesh.egress;
  const auto found = std::find_if(present.begin(), present.end(), [&](const EgressGateway& one) {
    return one.name == gateway.name && one.name_space == gateway.name_space;
  });
  if (found == present.end()) {
    if (on) return sound(data::with_item(cluster.body, path, egress_text(gateway)));
    return Error{.kind = ErrorKind::not_found,
                 .what = what,
                 .why = "there is no such egress gateway",
                 .next = {"aksmesh gateway list"}};
  }
  path.push_back(std::to_string(found - present.begin()));
  const auto with_flag = [&](const JsonDocument& document) {
    auto flag = path;
    flag.emplace_back("enabled");
    return sound(data::with(document, flag, on ? "true" : "false"));
  };
  if (!on || found->configuration == gateway.configuration)
    return found->enabled == on ? unchanged(cluster) : with_flag(cluster.body);
  auto configuration = path;
  configuration.emplace_back("gatewayConfigurationName");
  AK_TRY(const auto moved,
         sound(data::with(cluster.body, configuration, json_string(gateway.configuration))));
  return with_flag(moved);
}

Result<JsonDocument> with_redirection(const ManagedCluster& cluster, const std::string& mechanism) {
  if (!cluster.mesh.enabled) return mesh_is_off(cluster, "cannot set the redirection mechanism");
  if (same_word(cluster.mesh.redirection, mechanism)) return unchanged(cluster);
  return sound(data::with(cluster.body,
                          in_profile({"istio", "components", "proxyRedirectionMechanism"}),
                          json_string(mechanism)));
}

Result<JsonDocument> upgrade_started(const ManagedCluster& cluster, const std::string& revision) {
  const auto what = "cannot start the upgrade to " + revision;
  if (!cluster.mesh.enabled) return mesh_is_off(cluster, what);
  const auto& revisions = cluster.mesh.revisions;
  const bool there = std::find(revisions.begin(), revisions.end(), revision) != revisions.end();
  if (there && cluster.mesh.upgrading()) return unchanged(cluster);
  if (there)
    return Error{.kind = ErrorKind::conflict,
                 .what = what,
                 .why = cluster.name + " runs " + revision + " already",
                 .next = {"aksmesh upgrade list   (shows what it can be upgraded to)"}};
  if (cluster.mesh.upgrading())
    return Error{.kind = ErrorKind::conflict,
                 .what = what,
                 .why = "an upgrade from " + revisions.front() + " to " + revisions.back() +
                        " is in progress, and a cluster has at most two revisions",
                 .next = {"aksmesh upgrade complete   (keeps " + revisions.back() + ')',
                          "aksmesh upgrade rollback   (keeps " + revisions.front() + ')'}};
  auto both = revisions;
  both.push_back(revision);
  return with_revisions(cluster, both);
}

Result<JsonDocument> upgrade_completed(const ManagedCluster& cluster) {
  const auto what = "cannot complete the upgrade of " + cluster.name;
  if (!cluster.mesh.enabled) return mesh_is_off(cluster, what);
  if (!cluster.mesh.upgrading()) return not_upgrading(cluster, what);
  return with_revisions(cluster, {cluster.mesh.revisions.back()});
}

Result<JsonDocument> unless_ended(
    const ManagedCluster& cluster,
    const std::function<Result<JsonDocument>(const ManagedCluster&)>& edit) {
  if (cluster.mesh.enabled && !cluster.mesh.upgrading() && !cluster.is_settled())
    return unchanged(cluster);
  return edit(cluster);
}

Result<JsonDocument> upgrade_rolled_back(const ManagedCluster& cluster) {
  const auto what = "cannot roll back the upgrade of " + cluster.name;
  if (!cluster.mesh.enabled) return mesh_is_off(cluster, what);
  if (!cluster.mesh.upgrading()) return not_upgrading(cluster, what);
  return with_revisions(cluster, {cluster.mesh.revisions.front()});
}

}  // namespace aksmesh::azure
