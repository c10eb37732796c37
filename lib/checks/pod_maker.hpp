// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>

#include "checks/check.hpp"

namespace aksmesh::checks {

/// What makes a pod anew: its Deployment, StatefulSet, ...; the pod itself when nothing does.
struct PodMaker {
  std::string kind{};
  std::string name{};
  auto operator<=>(const PodMaker&) const = default;
};

/// A Deployment stands behind its ReplicaSet, whose name ends with a hash that the pods carry.
PodMaker maker_of(const Object& pod);

}  // namespace aksmesh::checks
