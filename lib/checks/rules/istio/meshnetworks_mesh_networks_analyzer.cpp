// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <unordered_set>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kConfigMap = "istio";
constexpr std::string_view kConfigMapKey = "meshNetworks";
constexpr std::string_view kKindName = "MeshNetworks";
constexpr std::string_view kObjectName = "meshnetworks";
// What istiod can read services from besides the clusters of Secrets.
constexpr std::array<std::string_view, 3> kBuiltIn{"Mock", "Kubernetes", "External"};

using Registries = std::unordered_set<std::string_view>;

Registries known_registries(const Facts& facts) {
  Registries known(kBuiltIn.begin(), kBuiltIn.end());
  for (const auto* secret : facts.all(Kind::secret))
    if (secret->label(kMultiClusterLabel).text() == "true")
      for (const auto [name, value] : secret->root["data"].entries()) known.insert(name.text());
  return known;
}

void check(const Object& object, const Node& networks, const Registries& known, Findings& out) {
  for (const auto [name, network] : networks.entries())
    for (const auto endpoint : network["endpoints"].items()) {
      const auto registry = endpoint["fromRegistry"];
      if (!registry.text().empty() && !known.contains(registry.text()))
        out.report("IST0126", object, registry,
                   {std::string(registry.text()), std::string(name.text())});
    }
}

/// Istio takes the mesh networks for one object of the control plane, wherever they stand.
Object as_mesh_networks(const Facts& facts, Object holder) {
  holder.kind_name = kKindName;
  holder.name_space = facts.control_plane_namespace();
  holder.name = kObjectName;
  return holder;
}

void run(const Facts& facts, Findings& out) {
  const auto known = known_registries(facts);
  const auto& files = facts.all(Kind::mesh_networks_file);
  for (const auto* file : files)
    check(as_mesh_networks(facts, *file), file->root["networks"], known, out);
  const auto* map = facts.find(Kind::config_map, facts.control_plane_namespace(), kConfigMap);
  if (!files.empty() || map == nullptr) return;
  const auto text = map->root.at("data", kConfigMapKey);
  if (!text.is_string()) return;
  const auto& read = facts.embedded(*map, text);
  if (read.tree != nullptr && read.tree->document_count() > 0)
    check(as_mesh_networks(facts, *map), read.tree->document(0)["networks"], known, out);
}

constexpr std::array<std::string_view, 1> kCodes{"IST0126"};

}  // namespace

extern const Check meshnetworks_mesh_networks_analyzer;
constinit const Check meshnetworks_mesh_networks_analyzer{
    .slug = "meshnetworks-mesh-networks-analyzer",
    .reads = {Kind::mesh_networks_file, Kind::config_map, Kind::secret},
    .run = run,
    .codes = kCodes,
    .analyzer = "meshnetworks.MeshNetworksAnalyzer"};

}  // namespace aksmesh::checks
