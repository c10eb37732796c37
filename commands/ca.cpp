// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "azure/preconditions.hpp"
#include "azure_session.hpp"
#include "command.hpp"
#include "mesh_view.hpp"

namespace aksmesh::commands {
namespace {

class CaOutcome final : public Outcome {
 public:
  explicit CaOutcome(azure::ManagedCluster cluster) : cluster_(std::move(cluster)) {
    if (!cluster_.mesh.plugin_ca) return;
    azure::Obstacles found;
    azure::check_plugin_ca(cluster_, *cluster_.mesh.plugin_ca, found);
    for (const auto& one : found) notes.push_back(one.why);
  }
  [[nodiscard]] std::string text(const report::Style&) const override {
    const auto& mesh = cluster_.mesh;
    auto out = target_line(cluster_) + '\n';
    if (!mesh.enabled) return out + "the mesh is off\n";
    if (!mesh.plugin_ca) return out + "certificates are self-signed by istiod\n";
    const auto& ca = *mesh.plugin_ca;
    return out + "plug-in certificates\n  key vault          " + ca.key_vault_id +
           "\n  CA certificate     " + ca.cert_object + "\n  CA key             " + ca.key_object +
           "\n  root certificate   " + ca.root_cert_object + "\n  certificate chain  " +
           ca.cert_chain_object + '\n';
  }
  [[nodiscard]] nlohmann::ordered_json document() const override {
    nlohmann::ordered_json out{{"schema", "aksmesh/ca/v1"}, {"target", target_document(cluster_)}};
    auto mesh = mesh_document(cluster_.mesh);
    out["pluggedIn"] = cluster_.mesh.plugin_ca.has_value();
    if (mesh.contains("certificateAuthority")) out["plugin"] = mesh["certificateAuthority"];
    return out;
  }

 private:
  azure::ManagedCluster cluster_;
};

Result<OutcomePtr> run(const ClusterOptions& options, const Context& context) {
  AK_TRY(auto cluster, read_cluster(options, context));
  return OutcomePtr(std::make_unique<CaOutcome>(std::move(cluster)));
}

constexpr std::array kExamples{
    Example{"aksmesh ca show -g shop --cluster prod", "Where the certificates come from"}};

}  // namespace

extern const Command ca_show_command;
constinit const Command ca_show_command = command<declare_cluster_options, run>(
    {.path = "ca show",
     .summary = "Show where the certificates of the mesh come from",
     .page = "commands/ca_show.md",
     .examples = kExamples});

}  // namespace aksmesh::commands
