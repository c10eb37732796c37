// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "checks/check.hpp"

namespace aksmesh::checks {

/// The pods of a workload that run; of a Pod itself. They are told by their labels and by their
/// owners' names, for ReplicaSets and Jobs need not be in the input. Declare kPodKinds.
std::vector<const Object*> running_pods(const Facts& facts, const Object& workload);

}  // namespace aksmesh::checks
