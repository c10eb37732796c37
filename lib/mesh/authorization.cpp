// SPDX-License-Identifier: Apache-2.0
#include "mesh/authorization.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "istio/schema/schema.hpp"
#include "istio/validation/validate.hpp"

namespace aksmesh::mesh {
namespace {

using data::Node;
using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 3> kIdentities{"principals", "namespaces",
                                                      "serviceAccounts"};
constexpr std::array<std::string_view, 3> kIdentityKeys{"source.principal", "source.namespace",
                                                        "source.serviceAccount"};
constexpr std::array<std::string_view, 1> kTokens{"requestPrincipals"};
constexpr std::array<std::string_view, 1> kTokenKeys{"request.auth."};
constexpr std::array<std::string_view, 2> kHttpSources{"requestPrincipals", "notRequestPrincipals"};
constexpr std::array<std::string_view, 6> kHttpOperations{"hosts",      "notHosts", "methods",
                                                          "notMethods", "paths",    "notPaths"};
constexpr std::array<std::string_view, 2> kHttpKeys{"request.headers[", "request.auth."};

Node first_of(const Node& mapping, Names fields) {
  for (const auto field : fields)
    if (const auto value = mapping[field]; value.size() > 0) return value;
  return {};
}

/// A value that each entry of the list needs, of the first one; absent when one does without.
Node needed_by_all(const Node& entries, std::string_view part, Names fields) {
  Node first;
  for (const auto entry : entries.items()) {
    const auto value = first_of(entry[part], fields);
    if (!value) return {};
    if (!first) first = value;
  }
  return first;
}

/// The conditions must all hold, so that one is enough.
Node needed_condition(const Node& rule, Names keys) {
  for (const auto condition : rule["when"].items()) {
    const auto key = condition["key"];
    const auto begins = [&](std::string_view begin) { return key.text().starts_with(begin); };
    if (condition["values"].size() > 0 && std::any_of(keys.begin(), keys.end(), begins)) return key;
  }
  return {};
}

}  // namespace

AuthorizationAction action_of(const kube::Object& policy) {
  const auto action = policy.spec()["action"].text();
  if (action == "DENY") return AuthorizationAction::deny;
  if (action == "AUDIT") return AuthorizationAction::audit;
  if (action == "CUSTOM") return AuthorizationAction::custom;
  return AuthorizationAction::allow;
}

bool is_dry_run(const kube::Object& policy) {
  // What the language of istiod reads as true.
  constexpr std::array<std::string_view, 6> kTrue{"1", "t", "T", "true", "TRUE", "True"};
  const auto text = policy.annotation("istio.io/dry-run").text();
  return std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end();
}

std::string problem_of(const kube::Object& policy) {
  const auto schema = istio::schema::validate(policy);
  if (schema.known == istio::schema::Known::unknown_version)
    return "no API server is known to have the version " + std::string(policy.version);
  if (!schema.problems.empty())
    return schema.problems.front().field + ' ' + schema.problems.front().what;
  // Whether it is taken or refused for it: without rules it matches nothing.
  if (policy.spec()["rules"].size() == 0 && action_of(policy) != AuthorizationAction::allow)
    return {};
  istio::validation::Problems content;
  istio::validation::validate(policy, content);
  for (const auto& one : content.all())
    if (one.severity == istio::validation::Severity::error)
      return istio::validation::path_of(policy, one) + ": " + one.text;
  return {};
}

bool has_target(const kube::Object& policy) {
  const auto spec = policy.spec();
  return spec["targetRef"] || spec["targetRefs"].size() > 0;
}

data::Node identity_needed(const data::Node& rule) {
  const auto condition = needed_condition(rule, kIdentityKeys);
  return condition ? condition : needed_by_all(rule["from"], "source", kIdentities);
}

data::Node token_needed(const data::Node& rule) {
  const auto condition = needed_condition(rule, kTokenKeys);
  return condition ? condition : needed_by_all(rule["from"], "source", kTokens);
}

data::Node http_needed(const data::Node& rule) {
  if (const auto condition = needed_condition(rule, kHttpKeys)) return condition;
  if (const auto source = needed_by_all(rule["from"], "source", kHttpSources)) return source;
  return needed_by_all(rule["to"], "operation", kHttpOperations);
}

bool mentions_token(const data::Node& rule) {
  for (const auto entry : rule["from"].items())
    if (first_of(entry["source"], kHttpSources)) return true;
  for (const auto condition : rule["when"].items())
    if (condition["key"].text().starts_with(kTokenKeys.front())) return true;
  return false;
}

PolicyScopes::PolicyScopes(const std::vector<const kube::Object*>& policies,
                           std::string_view root_namespace)
    : root_namespace_(root_namespace) {
  for (const auto* policy : policies)
    if (!has_target(*policy))
      scopes_[policy->name_space].add(policy,
                                      labels_of(policy->spec().at("selector", "matchLabels")));
}

std::vector<const kube::Object*> PolicyScopes::selecting(std::string_view name_space,
                                                         const Labels& labels) const {
  std::vector<const kube::Object*> found;
  const auto add = [&](std::string_view scope) {
    const auto at = scopes_.find(scope);
    if (at == scopes_.end()) return;
    const auto more = at->second.accepting(labels);
    found.insert(found.end(), more.begin(), more.end());
  };
  add(name_space);
  if (name_space != root_namespace_) add(root_namespace_);
  return found;
}

}  // namespace aksmesh::mesh
