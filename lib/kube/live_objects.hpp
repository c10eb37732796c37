// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "kube/client.hpp"
#include "kube/kind.hpp"
#include "kube/manifests.hpp"

namespace aksmesh::kube {

/// Lists the kinds that are served; what is refused everywhere is asked for in one namespace, if
/// one is given. Secrets are never asked for: what they hold is nobody's business. An error when
/// nothing at all could be listed (denied when that was for want of rights); a list that fails is
/// told in the result.
Result<LiveObjects> read_live_objects(Client& client, const KindSet& kinds,
                                      const std::string& name_space, const std::string& cluster);

}  // namespace aksmesh::kube
