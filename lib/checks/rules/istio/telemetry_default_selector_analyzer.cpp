// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "checks/pod_selectors.hpp"

namespace aksmesh::checks {
namespace {

/// istioctl looks for the selector alone: it counts one with targets and does not count one whose
/// selector is empty.
bool counts(const Facts& facts, const Object& telemetry) {
  return facts.is_upstream() ? !is_given(telemetry.spec()["selector"])
                             : is_for_namespace(telemetry);
}

void run(const Facts& facts, Findings& out) {
  NamespaceGroups groups;
  for (const auto* telemetry : facts.all(Kind::telemetry))
    if (counts(facts, *telemetry)) groups.add(telemetry);
  for (const auto& group : groups.groups()) report_rivals(facts, "IST0160", group, out);
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
