// SPDX-License-Identifier: Apache-2.0
#include <unordered_set>

#include "checks/gateway_config_maps.hpp"

namespace aksmesh::checks {
namespace {

/// Who owns the Gateway API CRDs of the input.
enum class Owner { unknown, user, aks };

Owner owner_of_crds(const Facts& facts) {
  auto owner = Owner::unknown;
  for (const auto* crd : facts.all(Kind::custom_resource_definition)) {
    if (!is_gateway_api_crd(*crd)) continue;
    // CRDs beyond those that AKS manages may stand beside them.
    if (is_managed_by_aks(*crd)) return Owner::aks;
    owner = Owner::user;
  }
  return owner;
}

/// The one that AKS makes, or one that stands in its place.
void check_well_known(const Object& config_map, Owner owner, Findings& out) {
  if (owner == Owner::user)
    out.add(config_map,
            "ConfigMap {name} is self-made: AKS makes it beside its own Gateway API CRDs, and "
            "those of the input are not its own",
            {{"name", std::string(config_map.name)}});
  else if (owner == Owner::unknown && gives_class_defaults(config_map))
    out.unknown(config_map, "whether AKS has made it; the Gateway API CRDs in the input tell");
}

void check_other(const Object& config_map, std::size_t of_class, Findings& out) {
  if (of_class > 1)
    out.add(config_map, config_map.label(kClassDefaultsLabel),
            "ConfigMap {name} is one of {count} with defaults for class istio, which may have one",
            {{"name", std::string(config_map.name)}, {"count", std::to_string(of_class)}});
  else
    out.unknown(config_map, "whether AKS has made " + std::string(kClassDefaultsConfigMap) +
                                " beside it, as the class may have one only");
}

void check_label(const Object& config_map, Findings& out) {
  const auto label = config_map.label(kClassDefaultsLabel);
  if (label)
    out.add(config_map, label,
            "ConfigMap {name} gives no defaults to class istio, as it is labelled for '{class}'",
            {{"name", std::string(config_map.name)}, {"class", std::string(label.text())}});
  else
    out.add(config_map, "ConfigMap {name} gives no defaults to class istio without label {label}",
            {{"name", std::string(config_map.name)}, {"label", std::string(kClassDefaultsLabel)}});
}

void run(const Facts& facts, Findings& out) {
  std::vector<const Object*> found;
  std::unordered_set<std::string_view> of_class;  // names, as an input may repeat an object
  for (const auto* config_map : facts.all(Kind::config_map)) {
    if (config_map->name_space != kSystemNamespace) continue;
    if (!config_map->label(kClassDefaultsLabel) && config_map->name != kClassDefaultsConfigMap)
      continue;
    found.push_back(config_map);
    if (gives_class_defaults(*config_map)) of_class.insert(config_map->name);
  }
  if (found.empty()) return;
  const auto owner = owner_of_crds(facts);
  for (const auto* config_map : found) {
    if (!gives_class_defaults(*config_map)) check_label(*config_map, out);
    if (config_map->name == kClassDefaultsConfigMap)
      check_well_known(*config_map, owner, out);
    else if (gives_class_defaults(*config_map))
      check_other(*config_map, of_class.size(), out);
  }
}

}  // namespace

extern const Check gateway_class_configmap;
constinit const Check gateway_class_configmap{
    .slug = "gateway-class-configmap",
    .reads = {Kind::config_map, Kind::custom_resource_definition},
    .run = run};

}  // namespace aksmesh::checks
