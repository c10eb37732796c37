// SPDX-License-Identifier: Apache-2.0
#include "azure_side.hpp"

#include "azure/maintenance.hpp"
#include "azure/operation.hpp"
#include "azure_session.hpp"
#include "base/error_kind.hpp"
#include "cluster_credentials.hpp"
#include "cluster_look.hpp"

namespace aksmesh::commands {

void declare_both_sides(OptionSet& set, AnalyzeOptions& analysis, ClusterOptions& cluster) {
  declare_namespace(set, analysis.name_space);
  declare_snapshot(set, analysis.kube);
  declare_kube_target(set, analysis.kube);
  declare_from_azure(set, analysis.kube);
  declare_policy(set, analysis);
  declare_only(set, analysis);
  declare_horizon(set, analysis.horizon);
  declare_result(set, analysis);
  declare_cluster_beside_namespaces(set, cluster);
}

void AzureSide::notice(const Error& error) {
  if (!hiccup_ && may_pass(error.kind)) hiccup_ = error;
}

checks::RevisionsAnswer AzureSide::take(Result<std::vector<azure::MeshRevision>> answer) {
  if (answer) return {.revisions = std::move(*answer)};
  notice(answer.error());
  return {.why = answer.error().in_one_line()};
}

Status AzureSide::read(const ClusterOptions& options, const Context& context) {
  AK_TRY(const auto session, AzureSession::open(options, context));
  AK_TRY(const auto id, session->cluster(options));
  context.progress.waiting("asking Azure for cluster " + id.name);
  auto cluster = azure::get_cluster(session->arm(), id);
  if (cluster) {
    offered_ = take(offered_revisions(*session, *cluster));
    if (phase_ == "check") {
      auto windows = azure::get_maintenance(session->arm(), id);
      if (windows) {
        maintenance_.windows = std::move(*windows);
      } else {
        notice(windows.error());
        maintenance_.why = windows.error().in_one_line();
      }
    }
    if (phase_ == "upgrade") upgrades_ = take(azure::get_upgrades(session->arm(), id));
  }
  context.progress.end();
  AK_TRY(cluster_, std::move(cluster));
  return Done{};
}

Result<AzureSide> AzureSide::ask(const ClusterOptions& options, std::string phase,
                                 std::string revision, const Context& context) {
  AzureSide out;
  out.asked_ = true;
  out.phase_ = std::move(phase);
  out.revision_ = std::move(revision);
  out.today_ = context.clock.today();
  if (const auto status = out.read(options, context); !status) {
    const auto& error = status.error();
    if (error.kind == ErrorKind::cancelled || error.kind == ErrorKind::usage) return error;
    out.notice(error);
    out.why_not_ = error.in_one_line();
    if (is_refusal(error.kind)) out.refusal_ = error;
  } else if (out.revision_.empty()) {
    out.revision_ = checks::usual_target(out.facts(), out.phase_);
  }
  return out;
}

Status AzureSide::check_same(const KubeOptions& options, const Context& context) const {
  if (!cluster_ || !options.snapshot.empty()) return Done{};
  const auto session = KubeSession::open_on(options, context);
  return session ? require_same_cluster(*cluster_, *session) : Status(Done{});
}

checks::AzureFacts AzureSide::facts() const {
  return {.cluster = *cluster_,
          .offered = offered_,
          .upgrades = upgrades_,
          .maintenance = maintenance_,
          .target = revision_,
          .today = today_};
}

void AzureSide::add_to(const AnalysisPlan& plan, report::FindingSet& set) const {
  if (!asked_) return;
  if (!cluster_) {
    set.lack({"the cluster in Azure", why_not_});
    checks::leave_azure_open(phase_, set);
    return;
  }
  checks::add_azure_findings(facts(), phase_, plan.policy, plan.selection, set);
  const auto told = [&](const char* what, const std::string& why) {
    if (!why.empty()) set.lack({what, why});
  };
  told("the revisions that the region offers", offered_.why);
  told("what the cluster can be upgraded to", upgrades_.why);
  told("the maintenance configurations of the cluster", maintenance_.why);
}

}  // namespace aksmesh::commands
