// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "azure/mesh_revisions.hpp"
#include "azure_session.hpp"
#include "command.hpp"
#include "mesh_outcome.hpp"
#include "revisions_outcome.hpp"

namespace aksmesh::commands {
namespace {

Result<OutcomePtr> list(const ClusterOptions& options, const Context& context) {
  AK_TRY(const auto session, AzureSession::open(options, context));
  AK_TRY(const auto id, session->cluster(options));
  AK_TRY(auto upgrades, azure::get_upgrades(session->arm(), id));
  return OutcomePtr(std::make_unique<RevisionsOutcome>(
      std::move(upgrades), "cluster " + id.name,
      "cluster " + id.name + " has no mesh that could be upgraded", context.global));
}

Result<OutcomePtr> status(const ClusterOptions& options, const Context& context) {
  AK_TRY(auto cluster, read_cluster(options, context));
  return OutcomePtr(std::make_unique<MeshOutcome>(std::move(cluster)));
}

constexpr std::array kListExamples{
    Example{"aksmesh upgrade list -g shop --cluster prod", "What the cluster can be upgraded to"}};
constexpr std::array kStatusExamples{
    Example{"aksmesh upgrade status -g shop --cluster prod", "How far a canary upgrade is"}};
constexpr std::array<std::string_view, 1> kListAliases{"get-upgrades"};

}  // namespace

extern const Command upgrade_list_command;
constinit const Command upgrade_list_command = command<declare_cluster_options, list>(
    {.path = "upgrade list",
     .summary = "List the revisions that a cluster can be upgraded to",
     .page = "commands/upgrade_list.md",
     .examples = kListExamples,
     .aliases = kListAliases});
extern const Command upgrade_status_command;
constinit const Command upgrade_status_command =
    command<declare_cluster_options, status>({.path = "upgrade status",
                                              .summary = "Show how far a canary upgrade is",
                                              .page = "commands/upgrade_status.md",
                                              .examples = kStatusExamples});

}  // namespace aksmesh::commands
