// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "checks/check.hpp"

// Objects of which one may apply to a pod, and one to a namespace: Sidecars and Telemetries.
namespace aksmesh::checks {

/// An object with the labels that it selects pods of its namespace by.
struct PodClaim {
  const Object* object = nullptr;
  Node labels{};
};

/// A pod and the objects that select it, in the order of the input.
struct ClaimedPod {
  const Object* pod = nullptr;
  std::vector<const Object*> by{};
};

/// The pods that any of the claims selects. Reports IST0101 for those that select none. Declare
/// kClaimKinds.
std::vector<ClaimedPod> claimed_pods(const Facts& facts, const std::vector<PodClaim>& claims,
                                     Findings& out);

inline constexpr KindSet kClaimKinds = kPodKinds | KindSet{Kind::kube_gateway};

/// Reports `code` (whose parameters are the names, the namespace and the pod) on each of the
/// objects that share a pod. For the add-on once for a set of them: a finding for every replica
/// says nothing new.
void report_shared_pods(const Facts& facts, std::string_view code,
                        const std::vector<ClaimedPod>& pods, Findings& out);

/// Reports `code` (whose parameters are the names and the namespace) on each of the objects of one
/// namespace, if there are several.
void report_rivals(std::string_view code, const std::vector<const Object*>& objects, Findings& out);

}  // namespace aksmesh::checks
