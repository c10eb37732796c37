// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "analysis.hpp"
#include "azure_side.hpp"
#include "base/version_number.hpp"
#include "cluster_credentials.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  AnalyzeOptions analysis{};
  ClusterOptions cluster{};
  std::string phase{};
  std::string revision{};
  bool no_azure = false;
  bool no_cluster = false;
};

void declare(OptionSet& set, Options& o) {
  declare_paths(set, o.analysis, Paths::optional);
  set.value("--phase", o.phase, "PHASE")
      .alias("--for")
      .choices({"enable", "upgrade", "disable", "migrate"})
      .help("What is planned");
  set.value("--revision", o.revision, "REV")
      .complete(Complete::revisions)
      .help("Revision that is installed or planned, such as asm-1-29");
  set.flag("--no-azure", o.no_azure).help("Do not ask Azure; what only it tells is unknown then");
  set.flag("--no-cluster", o.no_cluster)
      .help("Do not read the cluster: manifests alone, and Azure");
  declare_both_sides(set, o.analysis, o.cluster);
}

/// Kind usage for what would do nothing.
Status check_options(const Options& o, const Context& context) {
  if (o.phase.empty())
    return Error{
        .kind = ErrorKind::usage,
        .what = "it is not said what is planned",
        .next = {"--phase enable", "--phase upgrade", "--phase disable", "--phase migrate"}};
  if (!o.revision.empty() && !parse_revision(o.revision)) return wrong_revision(o.revision);
  std::vector<std::string> sources;
  if (o.analysis.kube.from_azure) sources.emplace_back("--from-azure");
  // What was typed; a variable may name the cluster of all commands.
  for (const auto& [name, value] : context.aim)
    if (name == "--snapshot" || name == "--context" || name == "--kubeconfig")
      sources.push_back(name);
  if (o.no_cluster && !sources.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "--no-cluster and " + sources.front() + " exclude each other",
                 .why = "without the cluster there is nothing to take from there",
                 .next = {"leave out --no-cluster", "leave out " + sources.front()}};
  if (o.no_azure && !o.analysis.kube.from_azure)
    return refuse_azure_options(
        o.cluster,
        {.what = "with --no-azure", .why = "Azure is not asked", .next = {"leave out --no-azure"}},
        context);
  return Done{};
}

Result<AzureSide> ask_azure(const Options& o, const Context& context) {
  auto asked = AzureSide::ask(o.cluster, o.phase, o.revision, context);
  auto same = Status(Done{});
  if (!asked)
    same = asked.error();
  else if (!o.no_cluster)
    same = asked->check_same(o.analysis.kube, context);
  if (same) return asked;
  auto error = std::move(same).error();
  if (error.kind == ErrorKind::usage && !o.no_cluster)
    error.next.emplace_back("--no-azure   (looks at the cluster alone)");
  return error;
}

Result<OutcomePtr> run(const Options& typed, const Context& context) {
  AK_CHECK(check_options(typed, context));
  auto o = typed;
  o.analysis.kube.network = o.cluster.azure.network;
  o.analysis.reads_clusters = true;
  o.analysis.live = !o.no_cluster;
  o.analysis.offline = o.no_cluster;
  o.analysis.may_be_empty = !o.no_azure;
  AK_CHECK(take_credentials(o.cluster, o.analysis.kube, context));
  AzureSide azure;
  if (!o.no_azure) {
    AK_TRY(azure, ask_azure(o, context));
    o.revision = azure.revision();
  }
  const bool files = !o.analysis.operands.empty() || !o.analysis.files.empty();
  if (o.no_cluster && !files && azure.refusal() != nullptr) return *azure.refusal();
  if (!o.revision.empty()) o.analysis.revisions = {o.revision};
  const Analysis analysis{.command = "preflight",
                          .phase = o.phase,
                          .layout = FindingsOutcome::Layout::by_category,
                          .cluster = Analysis::Cluster::wanted,
                          .cluster_alone = !files && (o.no_azure || azure.refusal() != nullptr),
                          .more = [&](const auto& plan, auto& set) { azure.add_to(plan, set); }};
  auto ran = run_analysis(analysis, o.analysis, context);
  if (!ran && analysis.cluster_alone && !o.no_azure && azure.refusal() != nullptr) {
    auto error = std::move(ran).error();
    error.why += "; of Azure: " + azure.refusal()->in_one_line();
    return error;
  }
  AK_TRY(auto outcome, std::move(ran));
  if (!o.revision.empty() && typed.revision.empty())
    outcome->notes.push_back("for " + o.revision + "; --revision chooses another");
  return outcome;
}

constexpr std::array kExamples{
    Example{"aksmesh preflight --phase upgrade -g shop --cluster prod",
            "What stands against the next upgrade?"},
    Example{
        "aksmesh preflight --phase enable -g shop --cluster prod --revision asm-1-29 manifests/",
        "Are the cluster and what will run on it fit for the mesh?"},
    Example{"aksmesh preflight --phase upgrade --no-cluster -g shop --cluster prod",
            "What does Azure alone say against it?"},
    Example{"aksmesh preflight --phase migrate --no-azure --context old-istio -o json",
            "What of a self-managed Istio can be kept?"}};

}  // namespace

extern const Command preflight_command;
constinit const Command preflight_command = command<declare, run>(
    {.path = "preflight",
     .summary = "Tell what stands against enabling, upgrading, disabling or migrating",
     .page = "commands/preflight.md",
     .formats = Formats::findings,
     .examples = kExamples});

}  // namespace aksmesh::commands
