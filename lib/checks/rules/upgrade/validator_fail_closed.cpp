// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "checks/live_pods.hpp"
#include "checks/rules/upgrade/validators.hpp"

namespace aksmesh::checks {
namespace {

/// Whether some istiod pod of a revision is ready; revisions without pods in the input are not
/// listed.
using Readiness = std::map<VersionNumber, bool>;

Readiness ready_pods(const Facts& facts) {
  Readiness out;
  for (const auto* pod : facts.all(Kind::pod)) {
    if (!is_addon_istiod_pod(*pod) || !is_live_pod(*pod)) continue;
    if (const auto revision = parse_revision(pod->label(kRevisionLabel).text()))
      out[*revision] |= status_condition(*pod, "Ready")["status"].text() == "True";
  }
  return out;
}

/// The first webhook that refuses writes when nobody answers; that is the default of the API.
Node closed_webhook(const Object& configuration) {
  const auto webhooks = configuration.root["webhooks"].items();
  const auto found = std::find_if(webhooks.begin(), webhooks.end(), [](const Node& webhook) {
    return webhook["failurePolicy"].text() != "Ignore";
  });
  return found == webhooks.end() ? Node{} : *found;
}

std::optional<bool> is_ready(const VersionNumber& revision, const Object* istiod,
                             const Readiness& pods) {
  if (const auto found = pods.find(revision); found != pods.end()) return found->second;
  if (istiod == nullptr || !istiod->status()) return std::nullopt;
  return istiod->status()["readyReplicas"].as_int().value_or(0) >= 1;
}

void run(const Facts& facts, Findings& out) {
  std::optional<Readiness> pods;
  for (const auto* configuration : facts.all(Kind::validating_webhook_configuration)) {
    const auto revision = validator_revision(*configuration);
    const auto webhook = revision ? closed_webhook(*configuration) : Node{};
    if (!webhook) continue;
    const auto name = revision_name(*revision);
    const auto* istiod =
        facts.find(Kind::deployment, kSystemNamespace, std::string(kIstiodPrefix) + name);
    const auto& revisions = facts.revisions();
    if (revisions.known && !revisions.has(*revision) && istiod == nullptr) {
      out.add(*configuration, configuration->metadata()["name"],
              "{revision} is not installed, so writes of its Istio resources are refused",
              {{"revision", name}});
      continue;
    }
    if (!pods) pods = ready_pods(facts);
    const auto ready = is_ready(*revision, istiod, *pods);
    if (!ready) {
      out.unknown(*configuration, "whether istiod of " + name +
                                      " is ready does not show; add its Pods or Deployment");
    } else if (!*ready) {
      out.add(*configuration, webhook["failurePolicy"] ? webhook["failurePolicy"] : webhook,
              "no istiod of {revision} is ready, so writes of its Istio resources are refused",
              {{"revision", name}});
    }
  }
}

}  // namespace

extern const Check validator_fail_closed;
constinit const Check validator_fail_closed{
    .slug = "validator-fail-closed",
    .reads = kRevisionKinds | KindSet{Kind::validating_webhook_configuration, Kind::pod},
    .run = run};

}  // namespace aksmesh::checks
