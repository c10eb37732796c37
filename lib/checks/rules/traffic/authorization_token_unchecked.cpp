// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"
#include "mesh/authorization.hpp"

namespace aksmesh::checks {
namespace {

/// RequestAuthentications by what they apply to.
class Tokens {
 public:
  explicit Tokens(const Facts& facts)
      : facts_(facts), scopes_(facts.all(Kind::request_authentication), facts.root_namespace()) {}

  /// Whether tokens are checked for every workload that a policy selects, as far as the input
  /// tells.
  [[nodiscard]] bool checked_for(const Object& policy, std::string& unchecked) const {
    const auto selector = mesh::labels_of(policy.spec().at("selector", "matchLabels"));
    const auto& pods = facts_.pods(policy.name_space);
    bool seen = false;
    pods.visit_matching(selector, [&](const auto& item) {
      seen = true;
      if (!scopes_.selecting(policy.name_space, item.labels).empty()) return true;
      unchecked = object_ref(*item.object).text();
      return false;
    });
    // Without pods the selector's own labels must do.
    if (!seen && scopes_.selecting(policy.name_space, selector).empty())
      unchecked = "the workloads that it selects";
    return unchecked.empty();
  }

 private:
  const Facts& facts_;
  mesh::PolicyScopes scopes_;
};

Node token_needed(const Object& policy) {
  for (const auto rule : policy.spec()["rules"].items())
    if (const auto needed = mesh::token_needed(rule)) return needed;
  return {};
}

void run(const Facts& facts, Findings& out) {
  const auto root = facts.root_namespace();
  const Tokens tokens(facts);
  for (const auto* policy : facts.all(Kind::authorization_policy)) {
    const auto needed = token_needed(*policy);
    // Of a policy for the whole mesh it would have to be asked everywhere.
    if (!needed || mesh::has_target(*policy) || policy->name_space == root) continue;
    std::string unchecked;
    if (tokens.checked_for(*policy, unchecked)) continue;
    if (facts.covers(Kind::request_authentication, policy->name_space))
      out.add(*policy, needed,
              "the rule never matches for {workload}: no RequestAuthentication checks tokens there",
              {{"workload", unchecked}});
    else
      out.unknown(*policy,
                  "a rule asks for a token, and the input holds no RequestAuthentications "
                  "of namespace " +
                      std::string(policy->name_space));
  }
}

}  // namespace

extern const Check authorization_token_unchecked;
constinit const Check authorization_token_unchecked{
    .slug = "authorization-token-unchecked",
    .reads = kPodKinds | kMeshConfigKinds |
             KindSet{Kind::authorization_policy, Kind::request_authentication},
    .run = run};

}  // namespace aksmesh::checks
