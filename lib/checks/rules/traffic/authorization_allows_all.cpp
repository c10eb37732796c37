// SPDX-License-Identifier: Apache-2.0
#include "checks/authorization_rules.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  for (const auto* policy : facts.all(Kind::authorization_policy)) {
    if (mesh::action_of(*policy) != mesh::AuthorizationAction::allow || mesh::is_dry_run(*policy))
      continue;
    for (const auto rule : policy->spec()["rules"].items()) {
      const auto who = everyone_of(rule);
      if (who.empty()) continue;
      out.add(*policy, rule, "the rule allows every request of {who}", {{"who", std::string(who)}});
    }
  }
}

}  // namespace

extern const Check authorization_allows_all;
constinit const Check authorization_allows_all{
    .slug = "authorization-allows-all", .reads = {Kind::authorization_policy}, .run = run};

}  // namespace aksmesh::checks
