// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "azure/managed_cluster.hpp"
#include "azure/mesh_revisions.hpp"
#include "sys/clock.hpp"

// What Azure's own data say about whether a change can succeed, before it is sent. Titles, remedies
// and sources are those of the limitations (lib/mesh/tables/limitations.json).
namespace aksmesh::azure {

/// Why a change must not be sent, or, as a warning, what is to be known before.
struct Obstacle {
  std::string slug{};    ///< of the limitation
  std::string why{};     ///< the facts of this cluster
  bool warning = false;  ///< does not stop the change
  bool unseen = false;   ///< nobody could look; stops it too, for unknown is not passed
  std::string advice{};  ///< what helps; empty: the limitation's remedy
};
using Obstacles = std::vector<Obstacle>;

/// For every change: the cluster runs and no operation is under way.
void check_state(const ManagedCluster& cluster, Obstacles& out);
/// For enabling: add-ons, pools and features that the mesh cannot live with.
void check_conflicts(const ManagedCluster& cluster, Obstacles& out);
/// For enabling: how the sidecars of a new mesh will work. `revision` is empty when the service
/// chooses it, `mechanism` when it keeps its default.
void check_new_mesh(const ManagedCluster& cluster, const std::string& revision,
                    const std::string& mechanism, Obstacles& out);
void check_plugin_ca(const ManagedCluster& cluster, const PluginCa& ca, Obstacles& out);
/// For disabling: what else lives on what goes.
void check_disable(const ManagedCluster& cluster, Obstacles& out);

/// For enabling and upgrades: AKS supports the Kubernetes version, by its calendar.
void check_kubernetes(const ManagedCluster& cluster, const sys::Date& today, Obstacles& out);
/// The revision is offered in the region and fits the Kubernetes version. `offered` is what the
/// region has.
void check_revision(const ManagedCluster& cluster, const std::string& revision,
                    const std::vector<MeshRevision>& offered, Obstacles& out);
/// For upgrades: whether what runs now is supported, and whether anything would be.
void check_support(const ManagedCluster& cluster, const std::vector<MeshRevision>& offered,
                   Obstacles& out);
/// For upgrades: newer than the present one, and among its targets where those are told.
void check_upgrade(const ManagedCluster& cluster, const std::string& revision,
                   const std::vector<MeshRevision>& upgrades, Obstacles& out);
/// For upgrades: whether workloads get sidecars of another kind with `target`.
void check_native_sidecars(const ManagedCluster& cluster, const std::string& target,
                           Obstacles& out);

/// For the health of a mesh: `windows` are the names of the cluster's maintenance configurations.
void check_maintenance(const ManagedCluster& cluster, const std::vector<std::string>& windows,
                       Obstacles& out);

/// Each of the revisions knows the mechanism.
void check_cni_revision(const std::string& mechanism, const std::vector<std::string>& revisions,
                        Obstacles& out);
/// For setting the mechanism of a mesh that is on.
void check_redirection(const ManagedCluster& cluster, const std::string& mechanism, Obstacles& out);

/// For enabling an ingress gateway: the service allows one of each type.
void check_ingress(const ManagedCluster& cluster, Obstacles& out);
void check_egress(const ManagedCluster& cluster, const EgressGateway& gateway, Obstacles& out);

}  // namespace aksmesh::azure
