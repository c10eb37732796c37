// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "azure/arm.hpp"
#include "azure/cluster_id.hpp"

namespace aksmesh::azure {

/// Kubernetes versions (major.minor) that a revision runs on, under one support plan.
struct Compatibility {
  std::string name{};  ///< KubernetesOfficial, AKSLongTermSupport; `kubernetes` in older answers
  std::vector<std::string> versions{};
};

struct MeshRevision {
  std::string revision{};
  std::vector<std::string> upgrades{};
  std::vector<Compatibility> compatible_with{};
  /// Whether it runs on a version (`1.34` or `1.34.4`) under a support plan, as far as it says.
  [[nodiscard]] bool fits(std::string_view kubernetes_version, std::string_view support_plan) const;
};

/// What a region offers, ascending.
Result<std::vector<MeshRevision>> get_revisions(Arm& arm, const std::string& subscription,
                                                const std::string& location);
/// The revision of one cluster with what it can be upgraded to; nothing without the mesh.
Result<std::vector<MeshRevision>> get_upgrades(Arm& arm, const ClusterId& cluster);

/// A region by its name or display name: `West US 2` is westus2.
std::string location_name(std::string_view text);

}  // namespace aksmesh::azure
