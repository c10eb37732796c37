// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kube/manifests.hpp"
#include "mesh/authorization.hpp"
#include "mesh/authz_match.hpp"
#include "mesh/trust_domain.hpp"

// Whether AuthorizationPolicies let a request pass, and why (istio.io, "AuthorizationPolicy"
// reference and "Implicit enablement"; what they come to on ports without HTTP, "Authorization for
// TCP traffic"; 1.28).
namespace aksmesh::mesh {

/// Something of a request that a policy may ask for.
struct Attribute {
  enum class State : std::uint8_t { absent, known, unknown };
  State state = State::unknown;
  std::string value{};
  std::string why{};  ///< it is not known, where no option would tell it
  static Attribute of(std::string text) {
    return {.state = State::known, .value = std::move(text)};
  }
  static Attribute none() { return {.state = State::absent}; }
  [[nodiscard]] bool is_known() const { return state == State::known; }
};

/// A request as the proxy of its destination sees it.
struct AuthzRequest {
  bool http = true;       ///< false: the port is for any other protocol
  Attribute principal{};  ///< `cluster.local/ns/a/sa/b`; absent without mutual TLS
  Attribute source_ip{};  ///< who connects
  Attribute remote_ip{};  ///< who began, before any proxies
  Attribute destination_ip{};
  Attribute port{};  ///< of the workload, not of a Service
  Attribute sni{};
  Attribute host{};  ///< as in the Host header, with its port if it has one
  Attribute method{};
  Attribute path{};
  std::vector<std::pair<std::string, std::string>> headers{};  ///< all of them, names in any case
  /// Of a token that a RequestAuthentication has checked: the name in brackets, `[groups]` or
  /// `[realm][roles]`, and one of its values. None: there is no such token.
  std::vector<std::pair<std::string, std::string>> claims{};
};

/// One list of values, or what is to be none of them.
struct ConditionTrace {
  std::string place{};  ///< `from[0].source.namespaces`
  std::string wanted{};
  Truth holds = Truth::unknown;
  std::string because{};  ///< `the namespace is pay`
};

struct RuleTrace {
  std::size_t number = 0;  ///< from 0, as in the names that Envoy has
  Truth matches = Truth::unknown;
  std::vector<ConditionTrace> conditions{};
  std::string because{};  ///< when it is not for its conditions
  data::Node node{};
};

struct PolicyTrace {
  const kube::Object* policy = nullptr;
  AuthorizationAction action = AuthorizationAction::allow;
  bool dry_run = false;
  std::string provider{};  ///< of CUSTOM
  /// What keeps it from being taken as it stands: an API server refuses the object or changes it.
  std::string problem{};
  std::string note{};    ///< what istiod makes of a CUSTOM one, where that is no question
  bool denies = false;   ///< of CUSTOM: what it matches is denied, whoever its provider is
  bool ignored = false;  ///< of CUSTOM: the proxy has nothing of it on such a port
  Truth matches = Truth::unknown;
  std::vector<RuleTrace> rules{};
};

enum class AuthzVerdict : std::uint8_t { allowed, denied, depends };
std::string_view word_of(AuthzVerdict verdict);
std::string_view word_of(AuthorizationAction action);

struct AuthzAnswer {
  AuthzVerdict verdict = AuthzVerdict::allowed;
  std::string because{};
  const kube::Object* decided_by = nullptr;  ///< null when no single policy does
  std::vector<PolicyTrace> policies{};       ///< in the order in which they count
  std::set<std::string> missing{};           ///< what of the request would have to be known
  std::vector<std::string> would_be{};       ///< what policies that are only tried would do
  /// For another reason than a policy.
  void say(AuthzVerdict new_verdict, std::string why);
};

/// Which workload a request goes to, for the choice of policies.
struct AuthzTarget {
  std::string_view name_space{};
  Labels labels{};
  std::string_view revision{};  ///< of its proxy; empty: not known
};

/// Those that are in force for a workload: CUSTOM, DENY, ALLOW, then AUDIT; within one by namespace
/// and name.
std::vector<const kube::Object*> policies_for(const std::vector<const kube::Object*>& all,
                                              std::string_view root_namespace,
                                              const AuthzTarget& target);

/// What of the mesh configuration counts.
struct AuthzMesh {
  bool known = false;  ///< false: there may be other providers
  std::map<std::string, std::string, std::less<>> providers{};  ///< their types by name
  TrustDomains trust_domains{.known = false};
};

AuthzAnswer evaluate(const std::vector<const kube::Object*>& policies, const AuthzRequest& request,
                     const AuthzMesh& mesh);

}  // namespace aksmesh::mesh
