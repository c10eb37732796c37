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
      .help("Only this operation, by the id that --no-wait told");
  declare_cluster_options(set, o.cluster);
}

/// The operation that an earlier run of this user began, if it is the one that is asked for.
Result<azure::Operation> operation_of(const Options& o, const azure::ClusterId& id,
                                      const azure::OperationStore& store) {
  auto known = store.find(id);
  if (o.operation.empty() || azure::same_word(known.id, o.operation)) return known;
  return Error{.kind = ErrorKind::not_found,
               .what = "operation " + o.operation + " on " + id.name + " is not known here",
               .why = known.id.empty() ? "no operation of that cluster was begun from here, or it "
                                         "has ended"
                                       : "the one that was begun from here is " + known.id,
               .next = {"aksmesh wait   (whatever runs on the cluster)"}};
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_TRY(const auto session, AzureSession::open(o.cluster.azure, context));
  AK_TRY(const auto id, session->cluster(o.cluster));
  azure::OperationStore store(context.files, context.env);
  AK_TRY(const auto operation, operation_of(o, id, store));
  const azure::Following how{.clock = context.clock,
                             .progress = context.progress,
                             .goal = "finish the operation on " + id.name,
                             .waiting_for = "the operation on " + id.name,
                             .how_to_follow = context.program + " wait --cluster-id " + id.path(),
                             .deadline = session->deadline()};
  AK_TRY(auto cluster, azure::follow(session->arm(), id, operation, how, store));
  return OutcomePtr(std::make_unique<MeshOutcome>(std::move(cluster)));
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
