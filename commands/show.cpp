// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "azure_session.hpp"
#include "command.hpp"
#include "mesh_outcome.hpp"

namespace aksmesh::commands {
namespace {

Result<OutcomePtr> run(const ClusterOptions& options, const Context& context) {
  AK_TRY(auto cluster, read_cluster(options, context));
  return OutcomePtr(std::make_unique<MeshOutcome>(std::move(cluster)));
}

constexpr std::array kExamples{
    Example{"aksmesh show -g shop --cluster prod", "The mesh of one cluster"},
    Example{"aksmesh show -g shop --cluster prod -o json", "The same for scripts"}};

}  // namespace

extern const Command show_command;
constinit const Command show_command =
    command<declare_cluster_options, run>({.path = "show",
                                           .summary = "Show the mesh profile of a cluster",
                                           .page = "commands/show.md",
                                           .examples = kExamples});

}  // namespace aksmesh::commands
