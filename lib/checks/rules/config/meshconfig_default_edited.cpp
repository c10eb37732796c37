// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

bool is_default_config_map(const Object& config_map) {
  return config_map.name_space == kSystemNamespace &&
         config_map.name.starts_with(kStandardConfigMapPrefix) &&
         parse_revision(config_map.name.substr(kStandardConfigMapPrefix.size()));
}

void check_managers(const Facts& facts, const Object& config_map, Findings& out) {
  const auto fields = config_map.metadata()["managedFields"];
  if (!fields) {
    out.unknown(config_map, facts.of_cluster()
                                ? "who wrote its data: the API server keeps no managedFields of it"
                                : "who wrote its data; an export with --show-managed-fields tells");
    return;
  }
  bool edited = false;
  std::set<std::string_view> others;
  for (const auto entry : fields.items()) {
    if (!entry.at("fieldsV1", "f:data")) continue;
    const auto manager = entry["manager"].text();
    if (!manager.starts_with("kubectl")) {
      others.insert(manager);
      continue;
    }
    edited = true;
    out.add(config_map, entry, "{manager} wrote the data of ConfigMap {name}, which AKS sets back",
            {{"manager", std::string(manager)}, {"name", std::string(config_map.name)}});
  }
  if (!edited && others.size() > 1)
    out.unknown(
        config_map,
        "which of the managers of its data is the add-on; the documentation does not name it");
}

void run(const Facts& facts, Findings& out) {
  for (const auto* config_map : facts.all(Kind::config_map))
    if (is_default_config_map(*config_map)) check_managers(facts, *config_map, out);
}

}  // namespace

extern const Check meshconfig_default_edited;
constinit const Check meshconfig_default_edited{
    .slug = "meshconfig-default-edited", .reads = {Kind::config_map}, .run = run};

}  // namespace aksmesh::checks
