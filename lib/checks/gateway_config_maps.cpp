// SPDX-License-Identifier: Apache-2.0
#include "checks/gateway_config_maps.hpp"

#include <unordered_set>

#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

/// The name of the ConfigMap that a Gateway points at, or nothing.
std::string_view named_config_map(const Object& gateway) {
  const auto reference = gateway.spec().at("infrastructure", "parametersRef");
  return reference["group"].string().empty() && reference["kind"].text() == "ConfigMap"
             ? reference["name"].text()
             : std::string_view{};
}

/// The well-known one counts without its label too: AKS guards what it holds.
bool is_of_class(const Object& config_map) {
  return config_map.name_space == kSystemNamespace &&
         (config_map.name == kClassDefaultsConfigMap || gives_class_defaults(config_map));
}

}  // namespace

bool gives_class_defaults(const Object& config_map) {
  return config_map.label(kClassDefaultsLabel).text() == kGatewayClass;
}

std::vector<GatewayConfigMap> gateway_config_maps(const Facts& facts, Findings& out) {
  std::vector<GatewayConfigMap> found;
  std::unordered_set<const Object*> seen;
  const auto add = [&](const Object* object, bool of_class) {
    if (seen.insert(object).second) found.push_back({object, of_class});
  };
  for (const auto* config_map : facts.all(Kind::config_map))
    if (is_of_class(*config_map)) add(config_map, true);
  for (const auto* gateway : facts.all(Kind::kube_gateway)) {
    const auto name = named_config_map(*gateway);
    if (name.empty() || !is_of_addon_class(*gateway)) continue;
    if (const auto* config_map = facts.find(Kind::config_map, gateway->name_space, name))
      add(config_map, false);
    else if (!facts.covers(Kind::config_map, gateway->name_space))
      out.unknown(*gateway, "ConfigMap " + std::string(gateway->name_space) + '/' +
                                std::string(name) + ", which shapes it, is not in the input");
  }
  return found;
}

Node gateway_constraint(std::string_view path) {
  for (const auto row :
       mesh::table("ingress-annotations.json").at("gatewayApi", "constraints").items())
    if (row["path"].text() == path) return row;
  return {};
}

Node read_section(const Facts& facts, const Object& config_map, const Node& section,
                  Findings& out) {
  if (!section || section.is_null()) return {};
  const auto name = "its section " + std::string(section.key().text());
  if (!section.is_string()) {
    out.unknown(config_map, name + " is no text");
    return {};
  }
  const auto& read = facts.embedded(config_map, section);
  if (!read.problems.empty()) out.unknown(config_map, name + " is not valid YAML");
  const auto root = read.tree->document_count() > 0 ? read.tree->document(0) : Node{};
  if (root && !root.is_null() && !root.is_mapping())
    out.unknown(config_map, name + " has no fields");
  return root;
}

}  // namespace aksmesh::checks
