// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// Namespaces that are there whether or not the input shows them
// (lib/mesh/tables/aks-namespaces.json).
namespace aksmesh::mesh {

/// A namespace of Kubernetes, the add-on or another part of AKS, where no applications live.
bool is_platform_namespace(std::string_view name);
/// A namespace that a cluster with the add-on has anyway.
bool surely_exists(std::string_view name);

}  // namespace aksmesh::mesh
