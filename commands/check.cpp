// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <memory>

#include "base/strings.hpp"
#include "check_looks.hpp"
#include "watching.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  AnalyzeOptions analysis{};
  ClusterOptions cluster{};
  bool brief = false;
  bool wait = false;
  bool watch = false;
  bool no_proxies = false;
};

void declare(OptionSet& set, Options& o) {
  set.flag("--short", o.brief).help("One line for each thing that is wrong");
  set.flag("--wait", o.wait)
      .help("Look again until nothing reaches --fail-on, or --timeout is over");
  declare_watch(set, o.watch);
  declare_no_proxies(set, o.no_proxies);
  declare_both_sides(set, o.analysis, o.cluster);
}

/// Kind usage for options that exclude each other, or that would do nothing.
Status check_options(const Options& o, const Context& context) {
  const bool pictured = !o.analysis.kube.snapshot.empty();
  constexpr const char* kStill = "a snapshot does not change";
  if (o.watch && o.wait)
    return exclude_each_other("--watch", "--wait", "one ends by itself, the other goes on");
  if (o.watch && pictured) return exclude_each_other("--watch", "--snapshot", kStill);
  if (o.wait && pictured) {
    auto error = exclude_each_other("--wait", "--snapshot", kStill);
    error.next = {"leave out --wait"};
    return error;
  }
  if (o.watch && !o.analysis.write_baseline.empty())
    return exclude_each_other("--watch", "--write-baseline", "a baseline is of one moment");
  const auto& format = context.global.output;
  const auto known = format_names(Formats::documents);
  if (o.watch && std::find(known.begin(), known.end(), format) == known.end())
    return mistake_in("--output",
                      {.kind = ErrorKind::usage,
                       .what = "--watch cannot print the format '" + format + '\'',
                       .why = "results that follow each other are printed as " + join(known, ", ")},
                      context);
  if (o.brief && format != "text" && format != "wide" && !context.origins.contains("--output"))
    return Error{.kind = ErrorKind::usage,
                 .what = "--short is of no use with the format '" + format + "'",
                 .why = "it makes text short; the other formats are for programs",
                 .next = {"leave out --short", "-o text"}};
  const auto& cluster = o.cluster;
  if (!cluster.cluster.empty() || !cluster.cluster_id.empty() || o.analysis.kube.from_azure)
    return Done{};
  return refuse_azure_options(
      cluster,
      {.what = "without --cluster",
       .why = "Azure is asked only when the cluster there is named, or its credentials are wanted",
       .next = {"--cluster NAME", "--from-azure"}},
      context);
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_CHECK(check_options(o, context));
  const auto looks = std::make_shared<CheckLooks>(
      CheckWish{
          .analysis = o.analysis,
          .cluster = o.cluster,
          .layout = o.brief ? FindingsOutcome::Layout::brief : FindingsOutcome::Layout::by_category,
          .how = o.watch ? LiveSource::How::followed : LiveSource::How::read_anew,
          .asks_istiods = !o.no_proxies},
      context);
  if (o.wait) return wait_until_well(*looks, context);
  if (!o.watch) return looks->look();
  return watch_results(
      {.look = [=] { return looks->look(); }, .wait = [=] { return looks->wait(); }});
}

constexpr std::array kExamples{
    Example{"aksmesh check", "Is the mesh of the current context well?"},
    Example{"aksmesh check --short --fail-on warning", "For a job that runs every morning"},
    Example{"aksmesh check --wait --timeout 10m", "After a change, until all has come up"},
    Example{"aksmesh check --watch --short", "While somebody repairs it"},
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
