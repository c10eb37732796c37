// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/tree.hpp"

namespace aksmesh::mesh {

struct MeshConfigFault {
  data::Node place{};
  std::string field{};  ///< as a reader finds it: `defaultConfig.tracing.sampling`
  std::string what{};
  std::string remedy{};  ///< empty when nothing better can be said than that of the rule
};

/// What a field of MeshConfig holds that Istio does not take
/// (lib/mesh/tables/mesh-config-types.json and, for ProxyConfig, proxy-config-types.json). `name`
/// is the JSON name of the field. What the tables do not know is not judged.
std::vector<MeshConfigFault> find_mesh_config_faults(std::string_view name,
                                                     const data::Node& value);

}  // namespace aksmesh::mesh
