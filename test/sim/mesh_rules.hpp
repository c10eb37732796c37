// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "http.hpp"
#include "scenario.hpp"

namespace aksmesh::sim {

/// What the service makes of a requested serviceMeshProfile.
struct MeshResult {
  std::optional<Response> refusal{};
  Json profile{};  ///< what is stored; null: there is none
};

/// `cluster` is the body as it would be stored, still with the profile from before; `requested` is
/// null when the request says nothing about the mesh.
MeshResult check_mesh(const Scenario& scenario, const Json& cluster, const Json& requested);

}  // namespace aksmesh::sim
