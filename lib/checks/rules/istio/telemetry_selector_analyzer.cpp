// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "checks/pod_selectors.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  SelectedPods selected;
  for (const auto* telemetry : facts.all(Kind::telemetry))
    if (const auto labels = telemetry->spec().at("selector", "matchLabels"); labels.size() > 0)
      selected.select(facts, *telemetry, labels, out);
  SharedPodReport shared(facts, "IST0159", out);
  for (const auto& one : selected.pods()) shared.add(one);
}

constexpr std::array<std::string_view, 2> kCodes{"IST0101", "IST0159"};

}  // namespace

extern const Check telemetry_selector_analyzer;
constinit const Check telemetry_selector_analyzer{
    .slug = "telemetry-selector-analyzer",
    .reads = kPodKinds | KindSet{Kind::telemetry, Kind::kube_gateway},
    .run = run,
    .codes = kCodes,
    .analyzer = "telemetry.SelectorAnalyzer"};

}  // namespace aksmesh::checks
