// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "checks/authorization_rules.hpp"

namespace aksmesh::checks {
namespace {

/// A policy of which every caller meets some rule.
bool allows_everybody(const Object& policy) {
  for (const auto rule : policy.spec()["rules"].items())
    if (everyone_of(rule) == "any caller") return true;
  return false;
}

bool counts(const Object& policy) {
  return mesh::action_of(policy) == mesh::AuthorizationAction::allow && !mesh::is_dry_run(policy) &&
         !mesh::has_target(policy);
}

std::string selector_of(const Object& policy) {
  return mesh::selector_text(mesh::labels_of(policy.spec().at("selector", "matchLabels")));
}

void run(const Facts& facts, Findings& out) {
  using Scope = std::pair<std::string_view, std::string>;  // namespace and selector
  const auto root = facts.root_namespace();
  std::map<Scope, const Object*> open;
  for (const auto* policy : facts.all(Kind::authorization_policy))
    if (counts(*policy) && allows_everybody(*policy))
      open.try_emplace({policy->name_space, selector_of(*policy)}, policy);
  if (open.empty()) return;
  for (const auto* policy : facts.all(Kind::authorization_policy)) {
    if (!counts(*policy) || allows_everybody(*policy)) continue;
    for (const auto& scope : {Scope{policy->name_space, selector_of(*policy)},
                              Scope{policy->name_space, {}}, Scope{root, {}}}) {
      const auto found = open.find(scope);
      if (found == open.end()) continue;
      out.add(*policy, policy->metadata()["name"],
              "AuthorizationPolicy {name} restricts nothing: {other} allows every request to its "
              "workloads, and one ALLOW policy that fits is enough",
              {{"name", std::string(policy->name)}, {"other", full_name(*found->second)}});
      break;
    }
  }
}

}  // namespace

extern const Check authorization_allow_outvoted;
constinit const Check authorization_allow_outvoted{
    .slug = "authorization-allow-outvoted",
    .reads = kMeshConfigKinds | KindSet{Kind::authorization_policy},
    .run = run};

}  // namespace aksmesh::checks
