// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/check.hpp"

// What rules ask of pods and pod templates about sidecar injection.
namespace aksmesh::checks {

/// Whether the pods are part of the mesh: those of a meshed namespace and those that name a
/// revision themselves, less those that injection leaves out. Where the Namespace is missing, a
/// sidecar in the pod shows it. Reads Namespace.
Meshed in_mesh(const Facts& facts, const Workload& workload);

/// Visits every Pod, those whose owner is in the input too, and the pod templates of
/// Facts::workloads(): what injection adds stands in the Pod alone. Declare kPodKinds.
template <class Visit>
void visit_pods_and_templates(const Facts& facts, Visit visit) {
  for (const auto* pod : facts.all(Kind::pod)) visit(Workload{pod, pod->metadata(), pod->spec()});
  for (const auto& workload : facts.workloads())
    if (!workload.is_pod()) visit(workload);
}

}  // namespace aksmesh::checks
