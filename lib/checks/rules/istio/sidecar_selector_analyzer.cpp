// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <unordered_set>

#include "checks/pod_selectors.hpp"

namespace aksmesh::checks {
namespace {

/// The add-on has no ambient mode, so that the question does not arise there.
void check_shared_pods(const Facts& facts, const SelectedPods& selected, Findings& out) {
  SharedPodReport shared(facts, "IST0110", out);
  std::unordered_set<const Object*> told;
  for (const auto& one : selected.pods()) {
    if (!facts.is_upstream() || !mesh::IstioView::is_ambient_pod(*one.pod)) {
      shared.add(one);
      continue;
    }
    for (const auto* sidecar : one.by)
      if (told.insert(sidecar).second)
        out.report("IST0167", *sidecar,
                   {"selected workload is in ambient mode, the policy has no impact"});
  }
}

void run(const Facts& facts, Findings& out) {
  SelectedPods selected;
  NamespaceGroups unselective;
  for (const auto* sidecar : facts.all(Kind::sidecar)) {
    const auto labels = sidecar->spec().at("workloadSelector", "labels");
    if (labels.size() == 0)
      unselective.add(sidecar);
    else
      selected.select(facts, *sidecar, labels, out);
  }
  check_shared_pods(facts, selected, out);
  for (const auto& group : unselective.groups()) {
    if (!facts.is_upstream() || !facts.is_ambient_namespace(group.front()->name_space)) {
      report_rivals(facts, "IST0111", group, out);
      continue;
    }
    for (const auto* sidecar : group)
      out.report("IST0167", *sidecar, {"namespace is in ambient mode, the policy has no impact"});
  }
}

constexpr std::array<std::string_view, 4> kCodes{"IST0101", "IST0110", "IST0111", "IST0167"};

}  // namespace

extern const Check sidecar_selector_analyzer;
constinit const Check sidecar_selector_analyzer{
    .slug = "sidecar-selector-analyzer",
    .reads = kPodKinds | KindSet{Kind::sidecar, Kind::name_space},
    .run = run,
    .codes = kCodes,
    .analyzer = "sidecar.SelectorAnalyzer"};

}  // namespace aksmesh::checks
