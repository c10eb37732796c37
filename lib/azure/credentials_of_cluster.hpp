// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "azure/arm.hpp"
#include "azure/cluster_id.hpp"
#include "base/secret.hpp"

namespace aksmesh::azure {

struct KubeconfigWish {
  bool admin = false;
  bool public_name = false;  ///< the public name of a private cluster's API server
  std::string format{};      ///< exec or azure; empty: the service chooses
};

/// The kubeconfig that Azure gives for a cluster. It can hold a key.
Result<Secret> get_kubeconfig(Arm& arm, const ClusterId& cluster, const KubeconfigWish& wish);

}  // namespace aksmesh::azure
