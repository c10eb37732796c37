// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "checks/pod_selectors.hpp"

namespace aksmesh::checks {
namespace {

/// Whether it applies to its whole namespace. istioctl looks for the selector alone: it takes one
/// with targets for such a one, and does not take one whose selector is empty.
bool is_for_namespace(const Facts& facts, const Node& spec) {
  if (facts.is_upstream()) return !is_given(spec["selector"]);
  return spec.at("selector", "matchLabels").size() == 0 && spec["targetRefs"].size() == 0 &&
         !is_given(spec["targetRef"]);
}

void run(const Facts& facts, Findings& out) {
  NamespaceGroups groups;
  for (const auto* telemetry : facts.all(Kind::telemetry))
    if (is_for_namespace(facts, telemetry->spec())) groups.add(telemetry);
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
