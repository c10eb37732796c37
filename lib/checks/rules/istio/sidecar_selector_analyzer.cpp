// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "checks/check.hpp"
#include "checks/pod_claims.hpp"

namespace aksmesh::checks {
namespace {

/// Takes what concerns pods in ambient mode out and tells it: a Sidecar means nothing to them.
std::unordered_set<const Object*> report_ambient_pods(std::vector<ClaimedPod>& pods,
                                                      Findings& out) {
  std::unordered_set<const Object*> told;
  std::erase_if(pods, [&](const ClaimedPod& claimed) {
    if (!mesh::IstioView::is_ambient_pod(*claimed.pod)) return false;
    for (const auto* sidecar : claimed.by)
      if (told.insert(sidecar).second)
        out.report("IST0167", *sidecar,
                   {"selected workload is in ambient mode, the policy has no impact"});
    return true;
  });
  return told;
}

void run(const Facts& facts, Findings& out) {
  std::vector<PodClaim> claims;
  std::map<std::string_view, std::vector<const Object*>> by_namespace;
  for (const auto* sidecar : facts.all(Kind::sidecar)) {
    const auto labels = sidecar->spec().at("workloadSelector", "labels");
    if (labels.size() > 0)
      claims.push_back({sidecar, labels});
    else
      by_namespace[sidecar->name_space].push_back(sidecar);
  }
  auto pods = claimed_pods(facts, claims, out);
  const auto told = report_ambient_pods(pods, out);
  report_shared_pods(facts, "IST0110", pods, out);
  for (const auto& [name_space, sidecars] : by_namespace) {
    if (!facts.is_ambient_namespace(name_space)) {
      report_rivals("IST0111", sidecars, out);
      continue;
    }
    for (const auto* sidecar : sidecars)
      if (!told.contains(sidecar))
        out.report("IST0167", *sidecar, {"namespace is in ambient mode, the policy has no impact"});
  }
}

constexpr std::array<std::string_view, 4> kCodes{"IST0101", "IST0110", "IST0111", "IST0167"};

}  // namespace

extern const Check sidecar_selector_analyzer;
constinit const Check sidecar_selector_analyzer{
    .slug = "sidecar-selector-analyzer",
    .reads = kClaimKinds | KindSet{Kind::sidecar, Kind::name_space},
    .run = run,
    .codes = kCodes,
    .analyzer = "sidecar.SelectorAnalyzer"};

}  // namespace aksmesh::checks
