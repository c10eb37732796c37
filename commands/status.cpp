// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "built_in_policy.hpp"
#include "command.hpp"
#include "fleet_status.hpp"
#include "status_reader.hpp"
#include "watching.hpp"

namespace aksmesh::commands {
namespace {

struct StatusOptions {
  KubeOptions kube{};
  ContextOptions contexts{};
  bool no_proxies = false;
  bool watch = false;
};

void declare(OptionSet& set, StatusOptions& options) {
  declare_no_proxies(set, options.no_proxies);
  declare_watch(set, options.watch);
  declare_contexts(set, options.contexts);
  declare_cluster_source(set, options.kube);
}

/// That nothing else says which clusters are looked at, or wants a single one.
Status check_alone(const StatusOptions& options, const Context& context) {
  const std::string name = options.contexts.all ? "--all-contexts" : "--contexts";
  const auto exclude = [&](const char* other, const char* why) {
    return exclude_each_other(name, other, why);
  };
  if (options.contexts.all && !options.contexts.lists.empty())
    return exclude("--contexts", "one names some, the other means all");
  // A context of a variable or of the settings file is put aside.
  if (!options.kube.context.empty() && !outranks(name, "--context", context))
    return exclude("--context", "one means a single cluster, the other several");
  if (!options.kube.snapshot.empty()) return exclude("--snapshot", "a snapshot is of one cluster");
  if (options.watch) return exclude("--watch", "one cluster at a time is followed");
  return Done{};
}

Result<OutcomePtr> run(const StatusOptions& options, const Context& context) {
  const auto& network = options.kube.network;
  if (options.contexts.any()) {
    AK_CHECK(check_alone(options, context));
    return status_of_contexts(options.contexts, options.kube.kubeconfig, network, context);
  }
  const bool pictured = !options.kube.snapshot.empty();
  if (pictured && options.watch)
    return exclude_each_other("--watch", "--snapshot", "a snapshot does not change");
  AK_TRY(auto policy, built_in_policy("current", context));
  AK_TRY(auto session, KubeSession::open(options.kube, context));
  const bool told = session.snapshot() == nullptr || session.snapshot()->asked_istiods();
  const auto reader = std::make_shared<StatusReader>(
      LiveSource(std::move(session),
                 options.watch ? LiveSource::How::followed : LiveSource::How::read_anew, context),
      std::move(policy),
      options.no_proxies || !told ? StatusReader::Istiods::left_alone
                                  : StatusReader::Istiods::asked,
      network.request_timeout, context);
  if (options.watch)
    return watch_results(
        {.look = [=] { return reader->read(); }, .wait = [=] { return reader->wait(); }});
  auto out = reader->read();
  if (out && !told && !options.no_proxies)
    out.value()->notes.emplace_back(
        "the snapshot does not tell which proxies were connected: the istiods were not asked");
  return out;
}

constexpr std::array kExamples{
    Example{"aksmesh status", "The cluster of the kubeconfig's current context"},
    Example{"aksmesh status -w", "While an upgrade goes on"},
    Example{"aksmesh status --no-proxies", "Without the right to ask istiod for its proxies"},
    Example{"aksmesh status --context prod -o json", "Another one, for scripts"},
    Example{"aksmesh status --contexts prod-eu,prod-us", "Several, a row for each revision"},
    Example{"aksmesh status --all-contexts -o json", "All of the kubeconfig, for scripts"}};

}  // namespace

extern const Command status_command;
constinit const Command status_command = command<declare, run>(
    {.path = "status",
     .summary = "Show the mesh of a cluster: revisions, gateways, namespaces, what is wrong",
     .page = "commands/status.md",
     .examples = kExamples});

}  // namespace aksmesh::commands
