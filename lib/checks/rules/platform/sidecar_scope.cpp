// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

/// What the mesh configurations of aks-istio-system say of the namespaces that istiod watches.
struct Scope {
  bool narrowed = false;
  const Object* unreadable = nullptr;
  const MeshConfigDocument* shared = nullptr;  ///< of the highest revision
};

Scope configured_scope(const Facts& facts) {
  using Origin = MeshConfigDocument::Origin;
  Scope scope;
  std::optional<VersionNumber> highest;
  for (const auto& config : facts.mesh_configs()) {
    if (config.object->name_space != kSystemNamespace) continue;
    if (config.origin != Origin::shared && config.origin != Origin::standard) continue;
    auto selectors = config.root["discoverySelectors"];
    if (!selectors) selectors = config.root["discovery_selectors"];
    if (selectors.size() > 0) scope.narrowed = true;
    if (!config.root && config.problems != nullptr && !config.problems->empty())
      scope.unreadable = config.object;
    if (config.origin != Origin::shared) continue;
    const auto revision = parse_revision(config.revision);
    if (scope.shared != nullptr && revision <= highest) continue;
    scope.shared = &config;
    highest = revision;
  }
  return scope;
}

void run(const Facts& facts, Findings& out) {
  const auto& services = facts.all(Kind::service);
  const auto many = mesh::table("thresholds.json").at("bigMesh", "services").as_int().value_or(0);
  if (services.empty() || services.size() < static_cast<std::size_t>(many)) return;
  if (facts.covers(Kind::sidecar, kSystemNamespace)) return;
  const auto scope = configured_scope(facts);
  if (scope.narrowed) return;
  if (scope.unreadable != nullptr)
    return out.unknown(*scope.unreadable, "its mesh configuration cannot be read");
  if (!facts.covers(Kind::config_map, kSystemNamespace))
    return out.unknown(*services.front(),
                       facts.of_cluster()
                           ? "the ConfigMaps of aks-istio-system could not be listed"
                           : "add the ConfigMaps of aks-istio-system: the input lacks the mesh's");
  const auto& object = scope.shared != nullptr ? *scope.shared->object : *services.front();
  out.add(object, scope.shared != nullptr ? scope.shared->holder : Node{},
          "with neither a Sidecar in aks-istio-system nor discoverySelectors, proxies learn of all "
          "{count} Services",
          {{"count", std::to_string(services.size())}});
}

}  // namespace

extern const Check sidecar_scope;
constinit const Check sidecar_scope{
    .slug = "sidecar-scope",
    .reads = kMeshConfigKinds | KindSet{Kind::service, Kind::sidecar},
    .run = run};

}  // namespace aksmesh::checks
