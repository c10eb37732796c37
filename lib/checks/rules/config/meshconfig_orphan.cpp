// SPDX-License-Identifier: Apache-2.0
#include "checks/present_revisions.hpp"
#include "checks/rules/config/shared_config_maps.hpp"

namespace aksmesh::checks {
namespace {

void check_namespace(const Object& config_map, Findings& out) {
  const auto name_space = config_map.metadata()["namespace"];
  if (!name_space)
    out.unknown(config_map, "which namespace it goes to; metadata.namespace or --namespace tells");
  else
    out.add(config_map, name_space, "no istiod reads ConfigMap {name} in namespace {namespace}",
            {{"name", std::string(config_map.name)},
             {"namespace", std::string(config_map.name_space)}});
}

void check_revision(const Object& config_map, std::string_view suffix, const Revisions& revisions,
                    Findings& out) {
  const auto revision = parse_revision(suffix);
  if (revision && revisions.has(*revision)) return;
  const auto name = config_map.metadata()["name"];
  if (!revision)
    out.add(config_map, name,
            "no istiod reads ConfigMap {name}, for {suffix} is no revision of the add-on",
            {{"name", std::string(config_map.name)}, {"suffix", std::string(suffix)}});
  else if (revisions.known)
    out.add(config_map, name,
            "no istiod reads ConfigMap {name}, for revision {suffix} is not installed",
            {{"name", std::string(config_map.name)}, {"suffix", std::string(suffix)}});
  else
    out.unknown(config_map, kRevisionsUnknown);
}

/// The add-on reads no ConfigMap for all revisions.
void report_no_revision(const Object& config_map, const Revisions& revisions, Findings& out) {
  const auto example = std::string(kSharedConfigMapPrefix) +
                       (revisions.installed.empty() ? std::string("asm-X-Y")
                                                    : revision_name(revisions.installed.back()));
  out.add(config_map, config_map.metadata()["name"],
          "no istiod reads ConfigMap {name}, for its name lacks the revision, as in {example}",
          {{"name", std::string(config_map.name)}, {"example", example}});
  out.advise("Name it " + example + '.');
}

void run(const Facts& facts, Findings& out) {
  const auto& config_maps = facts.all(Kind::config_map);
  if (config_maps.empty()) return;
  const auto revisions = present_revisions(facts);
  for (const auto* config_map : config_maps) {
    const auto suffix = shared_revision(*config_map);
    if (lacks_revision(*config_map) && config_map->name_space == kSystemNamespace)
      report_no_revision(*config_map, revisions, out);
    if (suffix.empty()) continue;
    if (config_map->name_space != kSystemNamespace)
      check_namespace(*config_map, out);
    else
      check_revision(*config_map, suffix, revisions, out);
  }
}

}  // namespace

extern const Check meshconfig_orphan;
constinit const Check meshconfig_orphan{
    .slug = "meshconfig-orphan", .reads = kRevisionKinds | KindSet{Kind::config_map}, .run = run};

}  // namespace aksmesh::checks
