// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <unordered_set>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kGlobalConfigMap = "istio";
constexpr std::string_view kObjectName = "meshnetworks";
// Registries that istiod has by itself.
constexpr std::array<std::string_view, 3> kBuiltInRegistries{"Mock", "Kubernetes", "External"};

std::unordered_set<std::string_view> known_registries(const Facts& facts) {
  std::unordered_set<std::string_view> known(kBuiltInRegistries.begin(), kBuiltInRegistries.end());
  for (const auto* secret : facts.all(Kind::secret)) {
    if (secret->label(kMultiClusterLabel).text() != "true") continue;
    for (const std::string_view part : {"data", "stringData"})
      for (const auto [name, value] : secret->root[part].entries()) known.insert(name.text());
  }
  return known;
}

void check_networks(const Object& object, const Node& networks,
                    const std::unordered_set<std::string_view>& known, Findings& out) {
  for (const auto [name, network] : networks.entries())
    for (const auto endpoint : network["endpoints"].items())
      if (const auto registry = endpoint["fromRegistry"];
          !registry.text().empty() && !known.contains(registry.text()))
        out.report("IST0126", object, registry,
                   {std::string(registry.text()), std::string(name.text())});
}

void run(const Facts& facts, Findings& out) {
  const auto known = known_registries(facts);
  // Istio knows one such object, wherever it was read from.
  const auto named = [&](Object object) {
    object.kind_name = kube::kMeshNetworks;
    object.name_space = facts.control_plane_namespace();
    object.name = kObjectName;
    return object;
  };
  bool by_hand = false;
  for (const auto* file : facts.all(Kind::mesh_config_file)) {
    if (file->kind_name != kube::kMeshNetworks) continue;
    by_hand = true;
    check_networks(named(*file), file->root["networks"], known, out);
  }
  const auto* map = facts.find(Kind::config_map, facts.control_plane_namespace(), kGlobalConfigMap);
  if (by_hand || map == nullptr) return;
  const auto text = map->root.at("data", "meshNetworks");
  if (!text.is_string()) return;
  const auto& tree = *facts.embedded(*map, text).tree;
  if (tree.document_count() > 0)
    check_networks(named(*map), tree.document(0)["networks"], known, out);
}

constexpr std::array<std::string_view, 1> kCodes{"IST0126"};

}  // namespace

extern const Check meshnetworks_mesh_networks_analyzer;
constinit const Check meshnetworks_mesh_networks_analyzer{
    .slug = "meshnetworks-mesh-networks-analyzer",
    .reads = {Kind::mesh_config_file, Kind::config_map, Kind::secret},
    .run = run,
    .codes = kCodes,
    .analyzer = "meshnetworks.MeshNetworksAnalyzer"};

}  // namespace aksmesh::checks
