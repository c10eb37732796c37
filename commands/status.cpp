// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "built_in_policy.hpp"
#include "checks/mesh_status.hpp"
#include "checks/runner.hpp"
#include "command.hpp"
#include "kube_session.hpp"
#include "status_outcome.hpp"

namespace aksmesh::commands {
namespace {

/// The rules that are about the mesh itself, not about what is routed in it.
constexpr std::array<std::string_view, 18> kConditions{"cni-daemonset",
                                                       "control-plane-pending",
                                                       "hpa-min-replicas",
                                                       "hpa-saturated",
                                                       "injection-default-label",
                                                       "injection-not-restarted",
                                                       "injection-orphan-sidecar",
                                                       "injection-unknown-revision",
                                                       "meshconfig-default-edited",
                                                       "meshconfig-missing-for-target",
                                                       "other-mesh",
                                                       "osm-addon-enabled",
                                                       "proxy-behind-control-plane",
                                                       "redirection-mixed",
                                                       "revision-tag-stale",
                                                       "self-managed-istio",
                                                       "validator-fail-closed",
                                                       "workloads-on-removed-revision"};

checks::Selection conditions() {
  checks::Selection out;
  for (const auto slug : kConditions) out.codes.emplace_back(checks::find_code(slug)->code);
  return out;
}

Result<OutcomePtr> run(const KubeOptions& options, const Context& context) {
  const auto selection = conditions();
  AK_TRY(const auto policy, built_in_policy("current", context));
  AK_TRY(auto session, KubeSession::open(options, context));
  AK_TRY(auto live, session.read(checks::kStatusKinds | selection.reads(), {}, {}));
  auto version = live.version;
  const mesh::Model model(
      kube::read_manifests(context.files, {}, {}, std::move(live)),
      {.kubernetes_version = parse_version(version), .today = context.clock.today()});
  return OutcomePtr(std::make_unique<StatusOutcome>(
      session.name(), std::move(version), checks::mesh_status(model),
      checks::run_checks(model, policy, selection), context));
}

constexpr std::array kExamples{
    Example{"aksmesh status", "The cluster of the kubeconfig's current context"},
    Example{"aksmesh status --context prod -o json", "Another one, for scripts"}};

}  // namespace

extern const Command status_command;
constinit const Command status_command = command<declare_cluster_source, run>(
    {.path = "status",
     .summary = "Show the mesh of a cluster: revisions, gateways, namespaces, what is wrong",
     .page = "commands/status.md",
     .examples = kExamples});

}  // namespace aksmesh::commands
