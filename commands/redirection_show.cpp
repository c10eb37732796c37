// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "azure/table.hpp"
#include "azure/words.hpp"
#include "azure_session.hpp"
#include "base/printable.hpp"
#include "command.hpp"
#include "mesh_view.hpp"

namespace aksmesh::commands {
namespace {

/// What a mechanism means for pods; empty for one that is newer than this program.
std::string_view meaning_of(const std::string& mechanism) {
  const auto table = azure::table("redirection.json");
  if (mechanism.empty()) return table["notSet"].text();
  for (const auto& one : table["mechanisms"].items())
    if (azure::same_word(one["name"].text(), mechanism)) return one["meaning"].text();
  return {};
}

class RedirectionOutcome final : public Outcome {
 public:
  explicit RedirectionOutcome(azure::ManagedCluster cluster)
      : cluster_(std::move(cluster)), meaning_(meaning_of(cluster_.mesh.redirection)) {}

  [[nodiscard]] std::string text(const report::Style&) const override {
    const auto& mesh = cluster_.mesh;
    const auto out = target_line(cluster_) + '\n';
    if (!mesh.enabled) return out + "the mesh is off\n";
    const auto mechanism = mesh.redirection.empty() ? "not set" : printable(mesh.redirection);
    return out + mechanism + (meaning_.empty() ? "" : ": " + meaning_) + '\n';
  }
  [[nodiscard]] nlohmann::ordered_json document() const override {
    const auto& mesh = cluster_.mesh;
    nlohmann::ordered_json out{{"schema", "aksmesh/redirection/v1"},
                               {"target", target_document(cluster_)},
                               {"mode", mesh.enabled ? "Istio" : "Disabled"}};
    if (!mesh.enabled) return out;
    if (!mesh.redirection.empty()) out["mechanism"] = mesh.redirection;
    if (!meaning_.empty()) out["meaning"] = meaning_;
    return out;
  }

 private:
  azure::ManagedCluster cluster_;
  std::string meaning_;
};

Result<OutcomePtr> run(const ClusterOptions& options, const Context& context) {
  AK_TRY(auto cluster, read_cluster(options, context));
  return OutcomePtr(std::make_unique<RedirectionOutcome>(std::move(cluster)));
}

constexpr std::array kExamples{
    Example{"aksmesh redirection show -g shop --cluster prod", "Whether pods need init containers"},
    Example{"aksmesh redirection show -g shop --cluster prod -o json", "The same for scripts"}};

}  // namespace

extern const Command redirection_show_command;
constinit const Command redirection_show_command =
    command<declare_cluster_options, run>({.path = "redirection show",
                                           .summary = "Show how traffic gets to the sidecars",
                                           .page = "commands/redirection_show.md",
                                           .examples = kExamples});

}  // namespace aksmesh::commands
