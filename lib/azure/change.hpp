// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "azure/arm.hpp"
#include "azure/managed_cluster.hpp"
#include "azure/operation.hpp"

namespace aksmesh::azure {

/// From the state of a cluster to the body that is wanted; an equal one when there is nothing to
/// do (profile_edit.hpp).
using Edit = std::function<Result<data::JsonDocument>(const ManagedCluster&)>;

/// What would be sent, and what it changes.
struct Plan {
  ManagedCluster before;
  data::JsonDocument body;
  std::vector<data::JsonChange> changes{};
  [[nodiscard]] bool nothing_to_do() const { return changes.empty(); }
  /// The mesh as it is to be.
  [[nodiscard]] MeshProfile wanted() const;
};
Result<Plan> make_plan(ManagedCluster cluster, const Edit& edit);

/// What became of a plan that was sent.
struct Sent {
  Operation operation{};
  bool was_there_already = false;  ///< an earlier try of ours had got through after all
};

struct Sending {
  sys::Clock& clock;
  sys::Progress& progress;
  std::string goal{};           ///< completes "cannot ..."
  std::string how_to_follow{};  ///< a command, told when it is not known what became of the change
  /// Whether a plan that was made anew is still what was agreed to; an error when it is not.
  std::function<Status(const ManagedCluster&)> agree{};
  std::int64_t deadline = 0;  ///< steady milliseconds; 0: none
};

/// The plan made anew, should the cluster have changed at all. Kind conflict when it would change
/// other members, or the same to other values. A pool that somebody scales changes no ETag but its
/// own, so this is also done when time has passed since the first look.
Status renew_plan(Arm& arm, const ClusterId& cluster, Plan& plan, const Edit& edit,
                  const Sending& how);

/// Sends a plan, guarded by the ETag it was made from. After a setback that may pass (somebody
/// else's change, throttling, a fault) the cluster is read and planned again, and the plan sent
/// only if it is still the same. An error says so when it is not known whether Azure has accepted
/// the change.
Result<Sent> send_plan(Arm& arm, const ClusterId& cluster, Plan& plan, const Edit& edit,
                       const Sending& how);

}  // namespace aksmesh::azure
