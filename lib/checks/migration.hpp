// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "checks/istio_kinds.hpp"
#include "report/finding.hpp"

namespace aksmesh::checks {

inline constexpr KindSet kMigrationKinds =
    kIstioKinds | KindSet{Kind::name_space,
                          Kind::pod,
                          Kind::deployment,
                          Kind::daemon_set,
                          Kind::service,
                          Kind::config_map,
                          Kind::horizontal_pod_autoscaler,
                          Kind::mutating_webhook_configuration,
                          Kind::validating_webhook_configuration,
                          Kind::istio_operator,
                          Kind::osm_resource};

/// Every object of a self-managed Istio or of Open Service Mesh that a model holds, its routes and
/// policies as well as its control plane and the workloads with its sidecars, and what becomes of
/// it when the mesh moves to the add-on. `found` is what the rules of the phase say.
std::vector<report::Migration> migration_of(const Model& model, const mesh::Policy& policy,
                                            const report::FindingSet& found);

}  // namespace aksmesh::checks
