// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "azure/managed_cluster.hpp"
#include "azure/mesh_revisions.hpp"
#include "checks/runner.hpp"
#include "report/finding.hpp"

namespace aksmesh::checks {

/// An answer of Azure, or why there is none.
struct RevisionsAnswer {
  std::optional<std::vector<azure::MeshRevision>> revisions{};
  std::string why{};
};

struct MaintenanceAnswer {
  std::optional<std::vector<std::string>> windows{};  ///< names of the configurations
  std::string why{};
};

/// What Azure tells of one cluster.
struct AzureFacts {
  const azure::ManagedCluster& cluster;
  RevisionsAnswer offered{};   ///< by the cluster's region
  RevisionsAnswer upgrades{};  ///< what the cluster can be upgraded to
  MaintenanceAnswer maintenance{};
  /// The revision to install or to upgrade to; empty: none is meant, or the service chooses.
  std::string target{};
  sys::Date today{};
};

/// The revision that a phase is about when nobody names one: the newest that the cluster can be
/// upgraded to, the one before the newest for new meshes. Empty when the answers do not tell.
std::string usual_target(const AzureFacts& facts, std::string_view phase);

/// Adds to a result what Azure's data say on the wanted codes of a phase. What both sides tell is
/// told once; a code that only Azure knows is no longer unknown.
void add_azure_findings(const AzureFacts& facts, std::string_view phase, const mesh::Policy& policy,
                        const Selection& wanted, report::FindingSet& out);

/// Azure was asked and did not answer: what it would have told of the codes of a phase stays open.
void leave_azure_open(std::string_view phase, report::FindingSet& out);

}  // namespace aksmesh::checks
