// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "built_in_policy.hpp"
#include "command.hpp"
#include "status_outcome.hpp"
#include "status_reader.hpp"

namespace aksmesh::commands {
namespace {

struct StatusOptions {
  KubeOptions kube{};
  bool no_proxies = false;
  bool watch = false;
};

void declare(OptionSet& set, StatusOptions& options) {
  set.flag("--no-proxies", options.no_proxies)
      .help("Do not ask the istiods for the proxies that are connected with them");
  set.flag("-w,--watch", options.watch)
      .help("Go on, and show the result anew whenever it changes, until Ctrl-C");
  declare_cluster_source(set, options.kube);
}

/// Each result of a watch gives the next one.
Result<OutcomePtr> more_of(const std::shared_ptr<StatusReader>& reader,
                           Result<std::unique_ptr<StatusOutcome>> result,
                           const StatusOptions& options) {
  if (!result) return std::move(result).error();
  if (options.watch)
    result.value()->more = [=] { return more_of(reader, reader->next(), options); };
  return OutcomePtr(std::move(result).value());
}

Result<OutcomePtr> run(const StatusOptions& options, const Context& context) {
  const bool pictured = !options.kube.snapshot.empty();
  if (pictured && options.watch)
    return Error{.kind = ErrorKind::usage,
                 .what = "--watch and --snapshot exclude each other",
                 .why = "a snapshot does not change",
                 .next = {"leave out one of both"}};
  AK_TRY(auto policy, built_in_policy("current", context));
  AK_TRY(auto session, KubeSession::open(options.kube, context));
  const auto reader = std::make_shared<StatusReader>(std::move(session), std::move(policy),
                                                     options.no_proxies || pictured
                                                         ? StatusReader::Istiods::left_alone
                                                         : StatusReader::Istiods::asked,
                                                     options.kube.network.request_timeout, context);
  if (options.watch) reader->follow();
  return more_of(reader, reader->read(), options);
}

constexpr std::array kExamples{
    Example{"aksmesh status", "The cluster of the kubeconfig's current context"},
    Example{"aksmesh status -w", "While an upgrade goes on"},
    Example{"aksmesh status --no-proxies", "Without the right to ask istiod for its proxies"},
    Example{"aksmesh status --context prod -o json", "Another one, for scripts"}};

}  // namespace

extern const Command status_command;
constinit const Command status_command = command<declare, run>(
    {.path = "status",
     .summary = "Show the mesh of a cluster: revisions, gateways, namespaces, what is wrong",
     .page = "commands/status.md",
     .examples = kExamples});

}  // namespace aksmesh::commands
