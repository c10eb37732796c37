// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "analysis.hpp"
#include "azure_side.hpp"
#include "cluster_credentials.hpp"

namespace aksmesh::commands {
namespace {

// Milliseconds between two looks while what is wrong may still come right.
constexpr std::int64_t kPause = 5'000;

struct Options {
  AnalyzeOptions analysis{};
  ClusterOptions cluster{};
  bool brief = false;
  bool wait = false;
};

void declare(OptionSet& set, Options& o) {
  set.flag("--short", o.brief).help("One line for each thing that is wrong");
  set.flag("--wait", o.wait)
      .help("Look again until nothing reaches --fail-on, or --timeout is over");
  declare_both_sides(set, o.analysis, o.cluster);
}

Result<OutcomePtr> run(const Options& typed, const Context& context) {
  if (typed.wait && !typed.analysis.kube.snapshot.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "--wait and --snapshot exclude each other",
                 .why = "a snapshot does not change",
                 .next = {"leave out --wait"}};
  auto o = typed.analysis;
  o.reads_clusters = true;
  o.live = true;
  o.kube.network = typed.cluster.azure.network;
  AK_CHECK(take_credentials(typed.cluster, o.kube, context));
  // Whoever names the cluster in Azure wants that side looked at too.
  AzureSide azure;
  if (!typed.cluster.cluster.empty() || !typed.cluster.cluster_id.empty()) {
    AK_TRY(azure, AzureSide::ask(typed.cluster, "check", {}, context));
    AK_CHECK(azure.check_same(o.kube, context));
  }
  const Analysis analysis{
      .command = "check",
      .phase = "check",
      .layout = typed.brief ? FindingsOutcome::Layout::brief : FindingsOutcome::Layout::by_category,
      .more = [&](const auto& plan, auto& set) { azure.add_to(plan, set); }};
  const auto begin = context.clock.steady();
  auto& timeout = o.kube.network.timeout;
  while (true) {
    AK_TRY(auto outcome, run_analysis(analysis, o, context));
    if (!typed.wait || outcome->verdict != Verdict::findings) return outcome;
    // Each look begins with a time of its own.
    const auto left = typed.cluster.azure.network.timeout + begin - context.clock.steady();
    if (timeout != 0 && left <= kPause) return outcome;
    context.progress.waiting("waiting for the mesh to be well");
    const bool on = context.clock.sleep(kPause);
    context.progress.end();
    if (!on)
      return Error{.kind = ErrorKind::cancelled,
                   .what = "stopped waiting for the mesh to be well",
                   .why = "it was not yet"};
    if (timeout != 0) timeout = left - kPause;
  }
}

constexpr std::array kExamples{
    Example{"aksmesh check", "Is the mesh of the current context well?"},
    Example{"aksmesh check --short --fail-on warning", "For a job that runs every morning"},
    Example{"aksmesh check --wait --timeout 10m", "After a change, until all has come up"},
    Example{"aksmesh check -g shop --cluster prod", "With what Azure tells of the cluster"},
    Example{"aksmesh check -o json --context prod", "For a dashboard"}};

}  // namespace

extern const Command check_command;
constinit const Command check_command = command<declare, run>(
    {.path = "check",
     .summary = "Tell whether the mesh of a cluster is well: control plane, sidecars, gateways",
     .page = "commands/check.md",
     .formats = Formats::findings,
     .examples = kExamples});

}  // namespace aksmesh::commands
