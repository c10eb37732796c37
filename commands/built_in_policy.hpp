// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "context.hpp"
#include "mesh/policy.hpp"

namespace aksmesh::commands {

/// The policy that --policy names, of the built-in table.
Result<mesh::Policy> built_in_policy(const std::string& name, const Context& context);

}  // namespace aksmesh::commands
