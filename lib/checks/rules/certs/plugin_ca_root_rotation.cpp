// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/mesh_roots.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  const auto* own = facts.find(Kind::config_map, kSystemNamespace, kRootConfigMap);
  if (own == nullptr) return;
  const auto roots = roots_of(*own);
  if (roots.empty()) return out.unknown(*own, "the roots of the mesh: root-cert.pem holds none");
  for (const auto* copy : facts.all(Kind::config_map)) {
    if (copy->name != kRootConfigMap || copy == own) continue;
    const auto theirs = roots_of(*copy);
    const bool shares = std::any_of(theirs.begin(), theirs.end(), [&](const auto& one) {
      return std::any_of(roots.begin(), roots.end(),
                         [&](const auto& root) { return root.fingerprint == one.fingerprint; });
    });
    if (!shares)
      out.add(*copy, copy->root.at("data", kRootKey),
              "the roots of namespace {namespace} have none in common with those of {system}: what "
              "runs there does not trust the rest of the mesh",
              {{"namespace", std::string(copy->name_space)},
               {"system", std::string(kSystemNamespace)}});
  }
}

}  // namespace

extern const Check plugin_ca_root_rotation;
constinit const Check plugin_ca_root_rotation{
    .slug = "plugin-ca-root-rotation", .reads = {Kind::config_map}, .run = run};

}  // namespace aksmesh::checks
