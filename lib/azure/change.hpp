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
};
Result<Plan> make_plan(ManagedCluster cluster, const Edit& edit);

/// What became of a plan that was sent.
struct Sent {
  Operation operation{};
  bool was_there_already = false;  ///< an earlier try of ours had got through after all
};

/// Sends a plan, guarded by the ETag it was made from. When somebody else changed the cluster in
/// the meantime it is read and planned again, and sent only if the plan changes the same members to
/// the same values; otherwise kind conflict. When the answer tells nothing the cluster is read, and
/// nothing is sent again: kind bad_data when it does not have the change.
Result<Sent> send_plan(Arm& arm, const ClusterId& cluster, Plan& plan, const Edit& edit,
                       const std::string& goal, sys::Clock& clock);

}  // namespace aksmesh::azure
