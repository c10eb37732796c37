// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "azure/operation.hpp"
#include "azure/operation_store.hpp"
#include "azure/words.hpp"
#include "azure_session.hpp"
#include "command.hpp"
#include "mesh_outcome.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  ClusterOptions cluster{};
  std::string operation{};
};

void declare(OptionSet& set, Options& o) {
  set.value("--operation", o.operation, "ID")
      .help("The operation that is meant, by the id that --no-wait told");
  declare_cluster_options(set, o.cluster);
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_TRY(const auto session, AzureSession::open(o.cluster, context));
  AK_TRY(const auto id, session->cluster(o.cluster));
  azure::OperationStore store(context.files, context.env);
  auto operation = store.find(id).operation;
  std::vector<std::string> notes;
  if (!o.operation.empty() && !azure::same_word(operation.id, o.operation)) {
    // Its link was told to whoever began it, and to nobody else; the cluster tells when all is
    // over.
    notes.push_back("operation " + o.operation +
                    " was not begun from here, or has ended; what is told is the cluster's own "
                    "state");
    operation = {};
  }
  const azure::Following how{.clock = context.clock,
                             .progress = context.progress,
                             .goal = "finish the operation on " + id.name,
                             .waiting_for = "the operation on " + id.name,
                             .how_to_follow = context.program + " wait --cluster-id " + id.path(),
                             .deadline = session->deadline()};
  AK_TRY(auto after, azure::resume(session->arm(), id, operation, how, store));
  if (!after.earlier.empty()) notes.push_back(std::move(after.earlier));
  auto outcome = std::make_unique<MeshOutcome>(std::move(after.cluster));
  outcome->notes = std::move(notes);
  return OutcomePtr(std::move(outcome));
}

constexpr std::array kExamples{
    Example{"aksmesh wait -g shop --cluster prod", "After --no-wait or Ctrl-C"},
    Example{"aksmesh wait -g shop --cluster prod --timeout 30m",
            "Exit code 6 when it takes longer"}};

}  // namespace

extern const Command wait_command;
constinit const Command wait_command =
    command<declare, run>({.path = "wait",
                           .summary = "Wait for the operation that runs on a cluster",
                           .page = "commands/wait.md",
                           .examples = kExamples});

}  // namespace aksmesh::commands
