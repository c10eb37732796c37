// SPDX-License-Identifier: Apache-2.0
#include "built_in_policy.hpp"

#include "data/resources.hpp"

namespace aksmesh::commands {

Result<mesh::Policy> built_in_policy(const std::string& name, const Context& context) {
  auto policy =
      mesh::Policy::load(data::resource("lib/mesh/tables/limitations.json"), name, "built-in");
  if (policy) return policy;
  return mistake_in("--policy", std::move(policy).error(), context);
}

}  // namespace aksmesh::commands
