// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "authz_world.hpp"
#include "mesh/mesh_settings.hpp"

// What the proxy of a destination sees of a request, by the settings of its mesh.
namespace aksmesh::commands {

/// The path as the proxy compares it; not known where that matters and the mesh configuration does
/// not tell how.
mesh::Attribute compared_path(const std::string& path, const mesh::MeshSettings& settings);

/// Whether a load balancer's traffic reaches a gateway from the addresses of nodes.
bool hides_callers(const mesh::Model& model, const Found& found, const Peer& gateway);

/// What X-Forwarded-For holds, the last proxy's caller at its end.
std::vector<std::string> forwarded_addresses(
    const std::vector<std::pair<std::string, std::string>>& headers);

/// Whom a gateway takes for the first caller: as many entries from the end as it has trusted
/// proxies (istio.io, "Configuring Gateway Network Topology").
mesh::Attribute behind_proxies(const std::vector<std::string>& forwarded,
                               const mesh::MeshSettings& settings, const Peer& gateway,
                               const mesh::Attribute& connects);

}  // namespace aksmesh::commands
