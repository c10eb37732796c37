// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "istio/validation/authorization_parts.hpp"
#include "istio/validation/kinds.hpp"

namespace aksmesh::istio::validation {
namespace {

/// A field that lists values, and the one that lists exceptions.
struct Lists {
  std::string_view is;
  std::string_view is_not;
};

constexpr Lists kPrincipals{"principals", "notPrincipals"};
constexpr Lists kRequestPrincipals{"requestPrincipals", "notRequestPrincipals"};
constexpr Lists kNamespaces{"namespaces", "notNamespaces"};
constexpr Lists kServiceAccounts{"serviceAccounts", "notServiceAccounts"};
constexpr Lists kIpBlocks{"ipBlocks", "notIpBlocks"};
constexpr Lists kRemoteIpBlocks{"remoteIpBlocks", "notRemoteIpBlocks"};
constexpr std::array<Lists, 6> kSourceLists{kPrincipals,      kRequestPrincipals, kNamespaces,
                                            kServiceAccounts, kIpBlocks,          kRemoteIpBlocks};
/// What a connection without HTTP can be told by.
constexpr std::array<Lists, 5> kConnectionLists{kPrincipals, kNamespaces, kServiceAccounts,
                                                kIpBlocks, kRemoteIpBlocks};
/// What an external authorizer cannot be asked about.
constexpr std::array<Lists, 4> kNotForCustom{kNamespaces, kServiceAccounts, kPrincipals,
                                             kRequestPrincipals};

constexpr Lists kPorts{"ports", "notPorts"};
constexpr Lists kMethods{"methods", "notMethods"};
constexpr Lists kPaths{"paths", "notPaths"};
constexpr Lists kHosts{"hosts", "notHosts"};
constexpr std::array<Lists, 4> kOperationLists{kPorts, kMethods, kPaths, kHosts};

bool has_either(const Node& owner, const Lists& lists) {
  return has(owner, lists.is) || has(owner, lists.is_not);
}

template <std::size_t size>
bool has_any(const Node& owner, const std::array<Lists, size>& all) {
  return std::any_of(all.begin(), all.end(),
                     [&](const Lists& lists) { return has_either(owner, lists); });
}

using Check = void (*)(const Node&, Problems&);
void check_both(const Node& owner, const Lists& lists, Check check, Problems& out) {
  check(owner[lists.is], out);
  check(owner[lists.is_not], out);
}

void check_source(const Node& source, Problems& out) {
  constexpr std::string_view kRule = "AP-10";
  if (!has_any(source, kSourceLists))
    out.error(kRule, source, "the source is empty; name what it is told by, or remove from");
  if (has_either(source, kServiceAccounts) &&
      (has_either(source, kPrincipals) || has_either(source, kNamespaces)))
    out.error(
        kRule,
        source[has(source, kServiceAccounts.is) ? kServiceAccounts.is : kServiceAccounts.is_not],
        "service accounts cannot stand beside principals or namespaces in one source");
  for (const auto& lists : kSourceLists) check_both(source, lists, check_entries, out);
  check_both(source, kIpBlocks, check_addresses, out);
  check_both(source, kRemoteIpBlocks, check_addresses, out);
  check_both(source, kServiceAccounts, check_service_accounts, out);
}

void check_operation(const Node& operation, Problems& out) {
  if (!has_any(operation, kOperationLists))
    out.error("AP-14", operation,
              "the operation is empty; give ports, methods, paths or hosts, or remove to");
  for (const auto& lists : kOperationLists) check_both(operation, lists, check_entries, out);
  check_both(operation, kPorts, check_port_texts, out);
  check_both(operation, kPaths, check_paths, out);
}

/// What a rule's entries tell by, for AP-16.
struct Told {
  bool any = false;
  bool by_connection = false;
};

Told check_from(const Node& rule, Problems& out) {
  constexpr std::string_view kRule = "AP-10";
  Told told;
  for (const auto from : rule["from"].items()) {
    const auto source = field(from, "source");
    if (from.is_null()) {
      out.error(kRule, from, "the entry is null");
    } else if (!source) {
      out.error(kRule, {from, "source"}, "a source is required");
    } else {
      told.any = true;
      told.by_connection = told.by_connection || has_any(source, kConnectionLists);
      check_source(source, out);
    }
  }
  return told;
}

Told check_to(const Node& rule, Problems& out) {
  constexpr std::string_view kRule = "AP-14";
  Told told;
  for (const auto to : rule["to"].items()) {
    const auto operation = field(to, "operation");
    if (to.is_null()) {
      out.error(kRule, to, "the entry is null");
    } else if (!operation) {
      out.error(kRule, {to, "operation"}, "an operation is required");
    } else {
      told.any = true;
      told.by_connection = told.by_connection || has_either(operation, kPorts);
      check_operation(operation, out);
    }
  }
  return told;
}

void check_rule(const Node& rule, std::string_view action, Problems& out) {
  if (rule.is_null())
    return out.error("AP-10", rule,
                     "the rule is null; an empty mapping is a rule for every request");
  const auto from = check_from(rule, out);
  const auto to = check_to(rule, out);
  for (const auto condition : rule["when"].items()) check_condition(condition, out);
  const bool only_http = to.any ? !to.by_connection : from.any && !from.by_connection;
  if (action == "DENY" && only_http)
    out.warning("AP-16", rule,
                "the rule tells requests by attributes of HTTP alone, which connections without "
                "HTTP lack, so it denies all of these; limit it to ports");
}

void check_custom_rule(const Node& rule, Problems& out) {
  constexpr std::string_view kRule = "AP-02";
  const auto refuse = [&](const Node& value, std::string_view what) {
    out.error(kRule, value,
              "the action CUSTOM cannot tell requests by " + shown(what) +
                  "; use a policy of its own with ALLOW or DENY");
  };
  for (const auto from : rule["from"].items()) {
    const auto source = field(from, "source");
    for (const auto& lists : kNotForCustom)
      for (const auto name : {lists.is, lists.is_not})
        if (has(source, name)) refuse(source[name], name);
  }
  for (const auto condition : rule["when"].items()) {
    const auto key = field(condition, "key").text();
    if (key == "source.namespace" || key == "source.serviceAccount" || key == "source.principal" ||
        key.starts_with("request.auth."))
      refuse(condition["key"], key);
  }
}

void check_action(const Node& spec, std::string_view action, Problems& out) {
  const bool has_rules = has(spec, "rules");
  const auto provider = field(spec, "provider");
  if (action == "CUSTOM") {
    if (!has_rules)
      out.error("AP-02", {spec, "rules"},
                "the action CUSTOM needs rules; an empty one stands for every request");
    else if (!has(provider, "name"))
      out.error("AP-02", {provider ? provider : spec, provider ? "name" : "provider"},
                "the action CUSTOM needs the name of an extension provider of the mesh "
                "configuration");
    for (const auto rule : spec["rules"].items()) check_custom_rule(rule, out);
  } else if (provider && (action == "ALLOW" || action == "DENY" || action == "AUDIT")) {
    out.error("AP-03", provider, "a provider is for the action CUSTOM only");
  }
  if (action == "DENY" && !has_rules)
    out.error(
        "AP-04", {spec, "rules"},
        "the action DENY without rules denies nothing; an empty rule stands for every request");
}

}  // namespace

void validate_authorization_policy(const kube::Object& object, Problems& out) {
  const auto spec = object.spec();
  check_selector(spec, "selector", out);
  check_targets(spec, out);
  const auto given = field(spec, "action").text();
  const auto action = given.empty() ? std::string_view("ALLOW") : given;
  check_action(spec, action, out);
  for (const auto rule : spec["rules"].items()) check_rule(rule, action, out);
}

}  // namespace aksmesh::istio::validation
