// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/check.hpp"
#include "mesh/authorization.hpp"

namespace aksmesh::checks {
namespace {

bool speaks_of_tokens(const Object& policy) {
  const auto rules = policy.spec()["rules"].items();
  return std::any_of(rules.begin(), rules.end(), mesh::mentions_token);
}

void run(const Facts& facts, Findings& out) {
  std::vector<const Object*> speaking;
  for (const auto* policy : facts.all(Kind::authorization_policy))
    if (speaks_of_tokens(*policy)) speaking.push_back(policy);
  const auto root = facts.root_namespace();
  const mesh::PolicyScopes scopes(speaking, root);
  for (const auto* object : facts.all(Kind::request_authentication)) {
    // Those for the mesh or for gateways by reference may be demanded anywhere.
    if (object->name_space == root || mesh::has_target(*object) ||
        !facts.covers(Kind::authorization_policy, object->name_space))
      continue;
    const auto selector = mesh::labels_of(object->spec().at("selector", "matchLabels"));
    bool demanded = !scopes.selecting(object->name_space, selector).empty();
    facts.pods(object->name_space).visit_matching(selector, [&](const auto& item) {
      demanded = demanded || !scopes.selecting(object->name_space, item.labels).empty();
      return !demanded;
    });
    if (!demanded)
      out.add(*object, object->metadata()["name"],
              "requests without a token pass: no AuthorizationPolicy for the workloads of {name} "
              "asks for one",
              {{"name", std::string(object->name)}});
  }
}

}  // namespace

extern const Check request_authentication_optional;
constinit const Check request_authentication_optional{
    .slug = "request-authentication-optional",
    .reads = kPodKinds | kMeshConfigKinds |
             KindSet{Kind::request_authentication, Kind::authorization_policy},
    .run = run};

}  // namespace aksmesh::checks
