// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>
#include <vector>

#include "checks/pod_claims.hpp"

namespace aksmesh::checks {
namespace {

/// True for a Telemetry of its whole namespace. istioctl counts those for a gateway or service of
/// the Gateway API in, and those with an empty selector out.
bool is_of_namespace(const Facts& facts, const Object& telemetry) {
  const auto spec = telemetry.spec();
  const auto selector = spec["selector"];
  if (facts.is_upstream()) return !selector || selector.is_null();
  const bool targets = spec["targetRefs"].size() > 0 || spec["targetRef"];
  return !targets && selector["matchLabels"].size() == 0;
}

void run(const Facts& facts, Findings& out) {
  std::map<std::string_view, std::vector<const Object*>> by_namespace;
  for (const auto* telemetry : facts.all(Kind::telemetry))
    if (is_of_namespace(facts, *telemetry))
      by_namespace[telemetry->name_space].push_back(telemetry);
  for (const auto& [name_space, telemetries] : by_namespace)
    report_rivals("IST0160", telemetries, out);
}

constexpr std::array<std::string_view, 1> kCodes{"IST0160"};

}  // namespace

extern const Check telemetry_default_selector_analyzer;
constinit const Check telemetry_default_selector_analyzer{
    .slug = "telemetry-default-selector-analyzer",
    .reads = {Kind::telemetry},
    .run = run,
    .codes = kCodes,
    .analyzer = "telemetry.DefaultSelectorAnalyzer"};

}  // namespace aksmesh::checks
