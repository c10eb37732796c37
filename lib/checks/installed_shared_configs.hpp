// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "checks/check.hpp"

namespace aksmesh::checks {

/// What rules that read the shared ConfigMaps of installed revisions declare.
inline constexpr KindSet kInstalledConfigKinds = kMeshConfigKinds | kRevisionKinds;

/// The shared ConfigMaps whose revision is installed; all of them while revisions are unknown.
inline std::vector<const MeshConfigDocument*> installed_shared_configs(const Facts& facts) {
  const auto& revisions = facts.revisions();
  std::vector<const MeshConfigDocument*> found;
  for (const auto& config : facts.mesh_configs()) {
    if (config.origin != MeshConfigDocument::Origin::shared) continue;
    const auto revision = parse_revision(config.revision);
    if (!revisions.known || (revision && revisions.has(*revision))) found.push_back(&config);
  }
  return found;
}

/// True when the text of the configuration could not be read as a whole.
inline bool is_broken(const MeshConfigDocument& config) {
  return config.problems != nullptr && !config.problems->empty();
}

}  // namespace aksmesh::checks
