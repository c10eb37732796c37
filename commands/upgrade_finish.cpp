// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "azure/profile_edit.hpp"
#include "change_run.hpp"
#include "cluster_look.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  ClusterOptions cluster{};
  ChangeOptions change{};
  KubeOptions kube{};
};

void declare_complete(OptionSet& set, Options& o) {
  declare_change_options(set, o.change, Confirmation::name);
  declare_kube_target(set, o.kube);
  declare_cluster_options(set, o.cluster);
}
void declare_rollback(OptionSet& set, Options& o) {
  declare_change_options(set, o.change, Confirmation::yes_or_no);
  declare_kube_target(set, o.kube);
  declare_cluster_options(set, o.cluster);
}

constexpr const char* kLoses =
    " and its gateway deployments go; workloads that still use it lose their control plane";
/// Whether anything in the cluster still needs the revision that goes.
Result<azure::Obstacles> bound_workloads(const Options& o, const azure::ManagedCluster& cluster,
                                         const std::string& leaving, ClusterLook::Unseen unseen,
                                         const Context& context) {
  return look_into_cluster(
      {.questions = {{.slug = "workloads-on-removed-revision",
                      .unseen = "whether all workloads run with the revision that stays is not "
                                "known"}},
       .unseen = unseen,
       .leaving = parse_revision(leaving)},
      o.kube, cluster, context);
}

Result<OutcomePtr> complete(const Options& o, const Context& context) {
  AK_TRY(const auto session, AzureSession::open(o.cluster, context));
  const Change change{
      .command = "upgrade complete",
      .goal = "complete the upgrade",
      .doing = "completing the upgrade",
      .done = "the upgrade is complete",
      .already = "no upgrade is in progress any more",
      .edit = azure::upgrade_completed,
      .resumed_edit =
          [](const auto& cluster) {
            return azure::unless_ended(cluster, azure::upgrade_completed);
          },
      .obstacles =
          [&](const auto& cluster) {
            return bound_workloads(o, cluster, cluster.mesh.revisions.front(),
                                   ClusterLook::Unseen::stops, context);
          },
      .warnings =
          [](const auto& cluster) {
            return std::vector{"the control plane " + cluster.mesh.revisions.front() + kLoses};
          },
      .confirmation = Confirmation::name};
  return run_change(change, o.cluster, o.change, *session, context);
}

Result<OutcomePtr> rollback(const Options& o, const Context& context) {
  AK_TRY(const auto session, AzureSession::open(o.cluster, context));
  const Change change{
      .goal = "roll back the upgrade",
      .doing = "rolling back the upgrade",
      .done = "the upgrade is rolled back",
      .already = "no upgrade is in progress any more",
      .edit = azure::upgrade_rolled_back,
      .resumed_edit =
          [](const auto& cluster) {
            return azure::unless_ended(cluster, azure::upgrade_rolled_back);
          },
      .obstacles =
          [&](const auto& cluster) {
            return bound_workloads(o, cluster, cluster.mesh.revisions.back(),
                                   ClusterLook::Unseen::warns, context);
          },
      .warnings =
          [](const auto& cluster) {
            return std::vector{"the control plane " + cluster.mesh.revisions.back() + kLoses};
          },
      .confirmation = Confirmation::yes_or_no};
  return run_change(change, o.cluster, o.change, *session, context);
}

constexpr std::array kCompleteExamples{
    Example{"aksmesh upgrade complete -g shop --cluster prod --confirm prod --skip-checks AKM3007",
            "Keep the newer revision, without being asked, after a look into the cluster"},
    Example{"aksmesh upgrade complete -g shop --cluster prod --dry-run", "See the change first"}};
constexpr std::array kRollbackExamples{
    Example{"aksmesh upgrade rollback -g shop --cluster prod", "Keep the older revision"}};

}  // namespace

extern const Command upgrade_complete_command;
constinit const Command upgrade_complete_command =
    command<declare_complete, complete>({.path = "upgrade complete",
                                         .summary = "End a canary upgrade with the newer revision",
                                         .page = "commands/upgrade_complete.md",
                                         .examples = kCompleteExamples});
extern const Command upgrade_rollback_command;
constinit const Command upgrade_rollback_command =
    command<declare_rollback, rollback>({.path = "upgrade rollback",
                                         .summary = "End a canary upgrade with the older revision",
                                         .page = "commands/upgrade_rollback.md",
                                         .examples = kRollbackExamples});

}  // namespace aksmesh::commands
