// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "azure/mesh_revisions.hpp"
#include "azure/profile_edit.hpp"
#include "base/version_number.hpp"
#include "change_run.hpp"
#include "check_reads.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  ClusterOptions cluster{};
  ChangeOptions change{};
  std::string revision{};
};

void declare(OptionSet& set, Options& o) {
  set.value("--revision", o.revision, "REV")
      .help("Revision that is installed or planned, such as asm-1-29")
      .complete(Complete::revisions);
  declare_change_options(set, o.change, Confirmation::yes_or_no);
  declare_cluster_options(set, o.cluster);
}

Result<azure::Obstacles> obstacles(const Options& o, const azure::ManagedCluster& cluster,
                                   AzureSession& session, const Context& context) {
  azure::Obstacles out;
  AK_TRY(const auto id, azure::parse_cluster_id(cluster.id));
  azure::check_kubernetes(cluster, context.clock.today(), out);
  AK_TRY(const auto offered, answer_for_checks(offered_revisions(session, cluster),
                                               questions_on_revision(cluster, o.revision), out));
  if (offered) {
    azure::check_revision(cluster, o.revision, *offered, out);
    azure::check_support(cluster, *offered, out);
  }
  AK_TRY(const auto upgrades,
         answer_for_checks(azure::get_upgrades(session.arm(), id),
                           {{"upgrade-skips-too-far", o.revision + " is among the targets"}}, out));
  azure::check_upgrade(cluster, o.revision, upgrades.value_or(std::vector<azure::MeshRevision>()),
                       out);
  azure::check_cni_revision(cluster.mesh.redirection, {o.revision}, out);
  azure::check_native_sidecars(cluster, o.revision, out);
  return out;
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  if (o.revision.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "it is not said which revision to upgrade to",
                 .next = {"--revision REV", context.program + " upgrade list   (shows them)"}};
  if (!parse_revision(o.revision)) return wrong_revision(o.revision);
  AK_TRY(const auto session, AzureSession::open(o.cluster, context));
  const Change change{
      .goal = "start the upgrade to " + o.revision,
      .doing = "starting the upgrade to " + o.revision,
      .done = o.revision + " is installed beside the present revision",
      .already = "the upgrade to " + o.revision + " is in progress already",
      .edit = [&](const auto& cluster) { return azure::upgrade_started(cluster, o.revision); },
      .obstacles = [&](const auto& cluster) { return obstacles(o, cluster, *session, context); },
      .next = {"kubectl label namespace NAMESPACE istio.io/rev=" + o.revision + " --overwrite",
               "kubectl rollout restart deployment -n NAMESPACE",
               context.program + " upgrade complete   (or rollback)"}};
  return run_change(change, o.cluster, o.change, *session, context);
}

constexpr std::array kExamples{
    Example{"aksmesh upgrade start -g shop --cluster prod --revision asm-1-29", "Begin a canary"},
    Example{"aksmesh upgrade start -g shop --cluster prod --revision asm-1-29 --dry-run",
            "See the change and what stands against it"}};

}  // namespace

extern const Command upgrade_start_command;
constinit const Command upgrade_start_command =
    command<declare, run>({.path = "upgrade start",
                           .summary = "Begin a canary upgrade to a newer revision",
                           .page = "commands/upgrade_start.md",
                           .examples = kExamples});

}  // namespace aksmesh::commands
