// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <vector>

#include "checks/pod_claims.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  std::vector<PodClaim> claims;
  for (const auto* telemetry : facts.all(Kind::telemetry))
    if (const auto labels = telemetry->spec().at("selector", "matchLabels"); labels.size() > 0)
      claims.push_back({telemetry, labels});
  report_shared_pods(facts, "IST0159", claimed_pods(facts, claims, out), out);
}

constexpr std::array<std::string_view, 2> kCodes{"IST0101", "IST0159"};

}  // namespace

extern const Check telemetry_selector_analyzer;
constinit const Check telemetry_selector_analyzer{.slug = "telemetry-selector-analyzer",
                                                  .reads = kClaimKinds | KindSet{Kind::telemetry},
                                                  .run = run,
                                                  .codes = kCodes,
                                                  .analyzer = "telemetry.SelectorAnalyzer"};

}  // namespace aksmesh::checks
