// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/tree.hpp"
#include "kube/manifests.hpp"
#include "mesh/selector_index.hpp"

// What AuthorizationPolicies ask (istio.io, "AuthorizationPolicy" reference; 1.28).
namespace aksmesh::mesh {

enum class AuthorizationAction : std::uint8_t { allow, deny, audit, custom };
AuthorizationAction action_of(const kube::Object& policy);
/// True for a policy that is only tried: nothing of it is enforced.
bool is_dry_run(const kube::Object& policy);
/// Why an API server or istiod's webhook would refuse the policy or leave something of it out, so
/// that nobody knows what counts; empty: it is as it should be.
std::string problem_of(const kube::Object& policy);
/// True for a policy of gateways or services by reference, which has no selector.
bool has_target(const kube::Object& policy);

// The value that makes a rule depend on something, absent when some way to meet the rule does
// without it.

/// Of the certificate that the caller shows with mutual TLS.
data::Node identity_needed(const data::Node& rule);
/// Of the token that a RequestAuthentication checks.
data::Node token_needed(const data::Node& rule);
/// Of HTTP, which proxies do not see on ports for other protocols.
data::Node http_needed(const data::Node& rule);

/// Whether a rule says anything about tokens.
bool mentions_token(const data::Node& rule);

/// Policies with a selector by namespace; those of the root namespace are for all.
class PolicyScopes {
 public:
  PolicyScopes(const std::vector<const kube::Object*>& policies, std::string_view root_namespace);
  /// Those without target that select a workload, its namespace's own before the root's.
  [[nodiscard]] std::vector<const kube::Object*> selecting(std::string_view name_space,
                                                           const Labels& labels) const;

 private:
  std::string_view root_namespace_;
  std::unordered_map<std::string_view, SelectorIndex> scopes_;
};

}  // namespace aksmesh::mesh
