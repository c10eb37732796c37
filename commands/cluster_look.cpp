// SPDX-License-Identifier: Apache-2.0
#include "cluster_look.hpp"

#include <algorithm>

#include "built_in_policy.hpp"
#include "checks/runner.hpp"

namespace aksmesh::commands {
namespace {

azure::Obstacles unseen(const ClusterLook& look, const std::string& why) {
  azure::Obstacles out;
  auto cause = " (" + why + ')';
  for (const auto& one : look.questions) {
    out.push_back({.slug = one.slug,
                   .why = "could not look into the cluster" + cause + ": " + one.unseen,
                   .warning = look.unseen == ClusterLook::Unseen::warns,
                   .unseen = true,
                   .advice = "--context NAME   (of the kubeconfig, that of this cluster)"});
    cause.clear();  // once is enough
  }
  return out;
}

azure::Obstacle obstacle_of(const ClusterLook::Question& question,
                            const std::vector<const report::Finding*>& findings) {
  constexpr std::size_t kShown = 3;
  azure::Obstacle out{.slug = question.slug, .warning = question.warning};
  for (std::size_t i = 0; i < findings.size() && i < kShown; ++i)
    out.why += (i == 0 ? "" : "; ") + findings[i]->message;
  if (findings.size() > kShown)
    out.why += "; and " + std::to_string(findings.size() - kShown) + " more";
  return out;
}

/// The answers of the rules; what one could not look at stays a question.
azure::Obstacles answers(const ClusterLook& look, const report::FindingSet& set) {
  azure::Obstacles out;
  for (const auto& question : look.questions) {
    std::vector<const report::Finding*> found;
    for (const auto& one : set.findings)
      if (one.slug == question.slug) found.push_back(&one);
    if (!found.empty()) out.push_back(obstacle_of(question, found));
    for (const auto& one : set.unknown)
      if (one.slug == question.slug && found.empty()) {
        out.push_back(
            {.slug = question.slug,
             .why = "could not look into the cluster (" + one.why + "): " + question.unseen,
             .warning = look.unseen == ClusterLook::Unseen::warns,
             .unseen = true});
        break;
      }
  }
  return out;
}

}  // namespace

Status require_same_cluster(const azure::ManagedCluster& cluster, const KubeSession& session) {
  const auto host = session.host();
  const bool told = !cluster.fqdn.empty() || !cluster.private_fqdn.empty();
  if (!told || host.empty() || host == cluster.fqdn || host == cluster.private_fqdn) return Done{};
  return Error{
      .kind = ErrorKind::usage,
      .what = "cluster " + cluster.name + " and " + session.name() + " are not the same cluster",
      .why = session.name() + " is another cluster, " + host + ", not " +
             (cluster.fqdn.empty() ? cluster.private_fqdn : cluster.fqdn),
      .next = {"--context NAME   (kubectl config get-contexts lists them)"}};
}

Result<azure::Obstacles> look_into_cluster(const ClusterLook& look, const KubeOptions& options,
                                           const azure::ManagedCluster& cluster,
                                           const Context& context) {
  auto session = KubeSession::open_on(options, context);
  if (!session) {
    const auto& error = session.error();
    return unseen(look, error.in_one_line());
  }
  if (auto same = require_same_cluster(cluster, *session); !same) {
    if (options.context.empty()) return unseen(look, same.error().why);
    return std::move(same).error();
  }
  checks::Selection selection;
  for (const auto& one : look.questions)
    selection.codes.emplace_back(checks::find_code(one.slug)->code);
  AK_TRY(const auto policy, built_in_policy("current", context));
  auto live = session->read({.kinds = selection.reads()});
  if (!live) {
    if (live.error().kind == ErrorKind::cancelled) return std::move(live).error();
    return unseen(look, live.error().in_one_line());
  }
  const mesh::Model model(kube::read_manifests(context.files, {}, {}, std::move(*live)),
                          {.today = context.clock.today(), .leaving = look.leaving});
  return answers(look, checks::run_checks(model, policy, selection));
}

}  // namespace aksmesh::commands
