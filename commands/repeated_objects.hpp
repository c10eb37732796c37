// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "kube/manifests.hpp"

namespace aksmesh::commands {

/// Says which objects the input gives more than once, with their places; nothing when there is
/// none. Overlays beside their base are the usual cause.
std::vector<std::string> repeated_notes(const kube::Manifests& manifests);

}  // namespace aksmesh::commands
