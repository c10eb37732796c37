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

void declare(OptionSet& set, Options& o) {
  declare_change_options(set, o.change, Confirmation::name);
  declare_kube_target(set, o.kube);
  declare_cluster_options(set, o.cluster);
}

/// What goes with the mesh, as far as Azure tells.
std::vector<std::string> losses(const azure::ManagedCluster& cluster) {
  std::vector<std::string> out;
  for (const auto& one : cluster.mesh.revisions) out.push_back("istiod " + one + " goes");
  for (const auto& one : cluster.mesh.ingress)
    if (one.enabled) out.push_back("the " + one.mode + " ingress gateway and its address go");
  for (const auto& one : cluster.mesh.egress)
    if (one.enabled)
      out.push_back("the egress gateway " + one.name_space + '/' + one.name + " goes");
  return out;
}

/// Most of it only the cluster itself tells.
Result<azure::Obstacles> obstacles(const Options& o, const azure::ManagedCluster& cluster,
                                   const Context& context) {
  const ClusterLook look{
      .questions = {
          {.slug = "disable-deletes",
           .unseen = "Istio's objects may be deleted with the mesh; back them up with kubectl get "
                     "istio-io -A -o yaml",
           .warning = true},
          {.slug = "disable-leaves-sidecars",
           .unseen = "pods keep their sidecars until they are restarted",
           .warning = true}}};
  AK_TRY(auto out, look_into_cluster(look, o.kube, cluster, context));
  azure::check_disable(cluster, out);
  return out;
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_TRY(const auto session, AzureSession::open(o.cluster, context));
  const Change change{
      .command = "disable",
      .goal = "disable the mesh",
      .doing = "disabling the mesh",
      .done = "the mesh is disabled",
      .already = "the mesh is off already",
      .edit = azure::disabled,
      .obstacles = [&](const auto& cluster) { return obstacles(o, cluster, context); },
      .warnings = losses,
      .confirmation = Confirmation::name,
      .next = {"kubectl label namespace NAMESPACE istio.io/rev-   (then restart its "
               "workloads)"}};
  return run_change(change, o.cluster, o.change, *session, context);
}

constexpr std::array kExamples{
    Example{"aksmesh disable -g shop --cluster prod --dry-run", "See what goes"},
    Example{"aksmesh disable -g shop --cluster prod --confirm prod --skip-checks AKM4002,AKM4003",
            "Without being asked, after a look into the cluster"}};

}  // namespace

extern const Command disable_command;
constinit const Command disable_command =
    command<declare, run>({.path = "disable",
                           .summary = "Disable the service mesh add-on on a cluster",
                           .page = "commands/disable.md",
                           .examples = kExamples});

}  // namespace aksmesh::commands
