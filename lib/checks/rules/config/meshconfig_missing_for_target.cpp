// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "checks/present_revisions.hpp"
#include "checks/rules/config/shared_config_maps.hpp"

namespace aksmesh::checks {
namespace {

std::map<VersionNumber, const Object*> shared_by_revision(const Facts& facts) {
  std::map<VersionNumber, const Object*> out;
  for (const auto* config_map : facts.all(Kind::config_map)) {
    const auto revision = parse_revision(shared_revision(*config_map));
    if (revision && config_map->name_space == kSystemNamespace) out.emplace(*revision, config_map);
  }
  return out;
}

void run(const Facts& facts, Findings& out) {
  const auto shared = shared_by_revision(facts);
  if (shared.empty()) return;
  const auto revisions = present_revisions(facts);
  if (!revisions.known) {
    for (const auto& [revision, config_map] : shared) out.unknown(*config_map, kRevisionsUnknown);
    return;
  }
  const auto target = revisions.installed.back();
  if (shared.contains(target)) return;
  const auto with_settings =
      std::find_if(revisions.installed.rbegin(), revisions.installed.rend(),
                   [&](const VersionNumber& revision) { return shared.contains(revision); });
  if (with_settings == revisions.installed.rend()) return;
  const auto& config_map = *shared.at(*with_settings);
  out.add(config_map, config_map.metadata()["name"],
          "revision {target} has no shared ConfigMap, so the settings of {revision} end with it",
          {{"target", revision_name(target)}, {"revision", revision_name(*with_settings)}});
}

}  // namespace

extern const Check meshconfig_missing_for_target;
constinit const Check meshconfig_missing_for_target{
    .slug = "meshconfig-missing-for-target",
    .reads = kRevisionKinds | KindSet{Kind::config_map},
    .run = run};

}  // namespace aksmesh::checks
