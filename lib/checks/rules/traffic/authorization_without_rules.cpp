// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"
#include "mesh/authorization.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  for (const auto* policy : facts.all(Kind::authorization_policy)) {
    const auto action = policy->spec()["action"];
    if (mesh::action_of(*policy) == mesh::AuthorizationAction::allow ||
        policy->spec()["rules"].size() > 0)
      continue;
    out.add(*policy, action,
            "{action} policy {name} without rules matches no request and has no effect",
            {{"action", std::string(action.text())}, {"name", std::string(policy->name)}});
  }
}

}  // namespace

extern const Check authorization_without_rules;
constinit const Check authorization_without_rules{
    .slug = "authorization-without-rules", .reads = {Kind::authorization_policy}, .run = run};

}  // namespace aksmesh::checks
