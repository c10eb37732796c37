// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "azure/operation.hpp"
#include "azure_session.hpp"
#include "command.hpp"
#include "mesh_outcome.hpp"

namespace aksmesh::commands {
namespace {

Result<OutcomePtr> run(const ClusterOptions& options, const Context& context) {
  AK_TRY(const auto session, AzureSession::open(options.azure, context));
  AK_TRY(const auto id, session->cluster(options));
  const azure::Following how{.clock = context.clock,
                             .progress = context.progress,
                             .goal = "finish the operation on " + id.name,
                             .waiting_for = "the operation on " + id.name,
                             .how_to_follow = context.program + " wait --cluster-id " + id.path(),
                             .deadline = session->deadline()};
  AK_TRY(auto cluster, azure::follow(session->arm(), id, {}, how));
  return OutcomePtr(std::make_unique<MeshOutcome>(std::move(cluster)));
}

constexpr std::array kExamples{
    Example{"aksmesh wait -g shop --cluster prod", "After --no-wait or Ctrl-C"},
    Example{"aksmesh wait -g shop --cluster prod --timeout 30m",
            "Exit code 6 when it takes longer"}};

}  // namespace

extern const Command wait_command;
constinit const Command wait_command = command<declare_cluster_options, run>(
    {.path = "wait",
     .summary = "Wait for the operation that runs on a cluster",
     .page = "commands/wait.md",
     .examples = kExamples});

}  // namespace aksmesh::commands
