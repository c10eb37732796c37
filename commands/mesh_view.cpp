// SPDX-License-Identifier: Apache-2.0
#include "mesh_view.hpp"

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/strings.hpp"

namespace aksmesh::commands {
namespace {

using azure::ManagedCluster;

class Lines {
 public:
  void add(const std::string& name, const std::string& value) {
    constexpr std::size_t kWidth = 16;
    std::string label = name;
    label.resize(std::max(kWidth, label.size() + 1), ' ');
    text_ += label + printable(value) + '\n';
  }
  std::string text_;
};

std::string gateways_text(const azure::MeshProfile& mesh) {
  std::vector<std::string> out;
  for (const auto& one : mesh.ingress)
    out.push_back(to_lower(one.mode) + " ingress" + (one.enabled ? "" : " (off)"));
  for (const auto& one : mesh.egress)
    out.push_back("egress " + one.name_space + '/' + one.name + (one.enabled ? "" : " (off)"));
  return out.empty() ? "none" : join(out, ", ");
}

/// The last part of a resource id.
std::string last_part(const std::string& id) {
  return id.substr(id.rfind('/') + 1);
}

void add_mesh(const azure::MeshProfile& mesh, Lines& lines) {
  if (!mesh.enabled) return lines.add("mesh", "off");
  lines.add("mesh", mesh.upgrading() ? "Istio, upgrade in progress" : "Istio");
  lines.add("revisions", join(mesh.revisions, " -> "));
  lines.add("gateways", gateways_text(mesh));
  lines.add("redirection",
            mesh.redirection.empty() ? "not set (default of the revision)" : mesh.redirection);
  lines.add("certificates",
            mesh.plugin_ca ? "plug-in, from Key Vault " + last_part(mesh.plugin_ca->key_vault_id)
                           : "self-signed by istiod");
}

}  // namespace

std::string problem_of(const ManagedCluster& cluster) {
  const auto error = cluster.provisioning_error();
  std::string out(error["code"].text());
  const auto message = error["message"].text();
  if (!out.empty() && !message.empty()) out += ": ";
  return out.append(message);
}

std::string target_line(const ManagedCluster& cluster) {
  return "cluster " + printable(cluster.name) + " (" + printable(cluster.location) + ")";
}

nlohmann::ordered_json target_document(const ManagedCluster& cluster) {
  return {{"cluster", cluster.name}, {"location", cluster.location}, {"id", cluster.id}};
}

std::string mesh_text(const ManagedCluster& cluster, const report::Style&) {
  Lines lines;
  lines.add("cluster", cluster.name + " (" + cluster.location + ")");
  lines.add("kubernetes", cluster.kubernetes_version + ", " + cluster.support_plan);
  lines.add("state", cluster.provisioning_state +
                         (cluster.power_state.empty() || cluster.power_state == "Running"
                              ? ""
                              : ", " + cluster.power_state));
  if (const auto problem = problem_of(cluster); !problem.empty()) lines.add("problem", problem);
  add_mesh(cluster.mesh, lines);
  return lines.text_;
}

nlohmann::ordered_json mesh_document(const azure::MeshProfile& mesh) {
  if (!mesh.enabled) return {{"mode", "Disabled"}};
  nlohmann::ordered_json out{{"mode", "Istio"},
                             {"revisions", mesh.revisions},
                             {"upgrading", mesh.upgrading()},
                             {"ingressGateways", nlohmann::ordered_json::array()},
                             {"egressGateways", nlohmann::ordered_json::array()}};
  for (const auto& one : mesh.ingress)
    out["ingressGateways"].push_back({{"mode", one.mode}, {"enabled", one.enabled}});
  for (const auto& one : mesh.egress) {
    nlohmann::ordered_json row{
        {"name", one.name}, {"namespace", one.name_space}, {"enabled", one.enabled}};
    if (!one.configuration.empty()) row["gatewayConfigurationName"] = one.configuration;
    out["egressGateways"].push_back(std::move(row));
  }
  if (!mesh.redirection.empty()) out["proxyRedirectionMechanism"] = mesh.redirection;
  if (mesh.plugin_ca)
    out["certificateAuthority"] = {{"keyVaultId", mesh.plugin_ca->key_vault_id},
                                   {"certObjectName", mesh.plugin_ca->cert_object},
                                   {"keyObjectName", mesh.plugin_ca->key_object},
                                   {"rootCertObjectName", mesh.plugin_ca->root_cert_object},
                                   {"certChainObjectName", mesh.plugin_ca->cert_chain_object}};
  return out;
}

}  // namespace aksmesh::commands
