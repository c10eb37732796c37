// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

/// The setting that wants to lead traffic elsewhere, or nothing.
Node failover_of(const Node& policy) {
  const auto locality = policy.at("loadBalancer", "localityLbSetting");
  if (locality["enabled"].as_bool() == false) return {};
  for (const std::string_view key : {"failover", "failoverPriority"})
    if (const auto setting = locality[key]; setting.size() > 0) return setting;
  return {};
}

/// `inherited`: whether a wider policy detects outliers for this one.
void check_policy(const Object& rule, const Node& policy, bool inherited, Findings& out) {
  const auto check = [&](const Node& settings, bool detects) {
    const auto failover = failover_of(settings);
    if (failover && !detects)
      out.add(rule, failover,
              "{setting} has no effect: without outlierDetection no endpoint counts as failed",
              {{"setting", std::string(failover.key().text())}});
  };
  check(policy, inherited || policy["outlierDetection"]);
  // Settings of a port inherit nothing from their own policy.
  for (const auto settings : policy["portLevelSettings"].items())
    check(settings, inherited || settings["outlierDetection"]);
}

void run(const Facts& facts, Findings& out) {
  for (const auto* rule : facts.all(Kind::destination_rule)) {
    const auto spec = rule->spec();
    const auto policy = spec["trafficPolicy"];
    check_policy(*rule, policy, false, out);
    bool inherited = static_cast<bool>(policy["outlierDetection"]);
    for (const auto settings : policy["portLevelSettings"].items())
      inherited = inherited || settings["outlierDetection"];
    for (const auto subset : spec["subsets"].items())
      check_policy(*rule, subset["trafficPolicy"], inherited, out);
  }
}

}  // namespace

extern const Check failover_without_outlier_detection;
constinit const Check failover_without_outlier_detection{
    .slug = "failover-without-outlier-detection", .reads = {Kind::destination_rule}, .run = run};

}  // namespace aksmesh::checks
