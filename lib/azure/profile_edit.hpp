// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "azure/managed_cluster.hpp"

// The changes of `properties.serviceMeshProfile`, as functions from the body of a cluster to
// another. Members that this program does not know stay as they are, and so does everything outside
// of the profile. An equal body means that there is nothing to do. Errors are of kind conflict (the
// state forbids it) or usage.
namespace aksmesh::azure {

using data::JsonDocument;

struct EnableWish {
  std::string revision{};  ///< empty: the service chooses
  std::optional<PluginCa> plugin_ca{};
  std::string redirection{};
};
/// What a mesh that was switched off before left behind is not taken up again.
Result<JsonDocument> enabled(const ManagedCluster& cluster, const EnableWish& wish);
Result<JsonDocument> disabled(const ManagedCluster& cluster);

/// `mode` is External or Internal.
Result<JsonDocument> with_ingress(const ManagedCluster& cluster, const std::string& mode, bool on);
/// Turns a gateway on (`gateway.enabled`), or off by its name and namespace.
Result<JsonDocument> with_egress(const ManagedCluster& cluster, const EgressGateway& gateway);
Result<JsonDocument> with_redirection(const ManagedCluster& cluster, const std::string& mechanism);

Result<JsonDocument> upgrade_started(const ManagedCluster& cluster, const std::string& revision);
/// Leaves the newer of two revisions; `upgrade_rolled_back` the older.
Result<JsonDocument> upgrade_completed(const ManagedCluster& cluster);
Result<JsonDocument> upgrade_rolled_back(const ManagedCluster& cluster);
/// `edit` ends an upgrade. Where none is in progress but an operation runs there is nothing to do:
/// it is that of an earlier run which was cut off.
Result<JsonDocument> unless_ended(
    const ManagedCluster& cluster,
    const std::function<Result<JsonDocument>(const ManagedCluster&)>& edit);

/// The error of every command that needs the mesh on a cluster without it.
Error mesh_is_off(const ManagedCluster& cluster, std::string what);

}  // namespace aksmesh::azure
