// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "command.hpp"
#include "contexts.hpp"
#include "network.hpp"

namespace aksmesh::commands {

/// Reads the clusters of the contexts, a few at a time. Their istiods are not asked. What keeps one
/// from being read is told in its place; an error when that befalls all of them.
Result<OutcomePtr> status_of_contexts(const ContextOptions& contexts, const std::string& kubeconfig,
                                      const NetworkOptions& network, const Context& context);

}  // namespace aksmesh::commands
