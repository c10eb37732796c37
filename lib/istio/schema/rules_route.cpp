// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>

#include "istio/schema/rules.hpp"
#include "istio/validation/syntax.hpp"

// The rules of the Gateway API about routes: parents, matches, timeouts and backends.
namespace aksmesh::istio::schema {
namespace {

bool same_parent(const Value& one, const Value& other) {
  for (const std::string_view key : {"group", "kind", "name", "namespace"})
    if (one.text(key) != other.text(key)) return false;
  return true;
}

bool same_parent_and_section(const Value& one, const Value& other) {
  return same_parent(one, other) && one.text("sectionName") == other.text("sectionName") &&
         one.number("port").value_or(0) == other.number("port").value_or(0);
}

/// References to one parent that do not all say by the same means which part of it they mean.
void find_parents_without_section(const Value& self, Places& broken) {
  const auto items = self.items();
  const auto lacks = [](const Value& one, const Value& other, std::string_view key) {
    return one.text(key).empty() && !other.text(key).empty();
  };
  for (const auto& one : items)
    if (std::any_of(items.begin(), items.end(), [&](const Value& other) {
          return same_parent(one, other) &&
                 (lacks(one, other, "sectionName") || lacks(one, other, "port"));
        }))
      broken.push_back(one.node());
}

bool names_port_of_service(const Value& self) {
  return !self.text("group").empty() || self.text("kind") != "Service" || self.has("port");
}

std::size_t count_matches(const Value& self) {
  std::size_t out = 0;
  for (const auto& rule : self.items()) out += rule["matches"].size();
  return out;
}

bool has_few_matches(const Value& self) {
  constexpr std::size_t kMost = 128;
  return count_matches(self) <= kMost;
}

bool same_name(const Value& one, const Value& other) {
  return one.has("name") && one.text("name") == other.text("name");
}

bool is_backend_timeout_shorter(const Value& self) {
  if (!self.has("request") || !self.has("backendRequest")) return true;
  const auto whole = validation::parse_duration(self.text("request"));
  const auto backend = validation::parse_duration(self.text("backendRequest"));
  return !whole || !backend || whole->count() == 0 || *backend <= *whole;
}

/// The path of an HTTPRoute's match, where rules about its form are meant for it.
std::string_view literal_path(const Value& self) {
  return is_one_of(self.text("type"), {"Exact", "PathPrefix"}) ? self.text("value") : "/";
}

bool path_lacks(const Value& self, std::string_view part) {
  return literal_path(self).find(part) == std::string_view::npos;
}

/// Whether exactly one filter of the list replaces a prefix.
bool replaces_prefix(const Value& filters, std::string_view member) {
  const auto items = filters.items();
  return std::count_if(items.begin(), items.end(), [&](const Value& filter) {
           const auto path = filter[member]["path"];
           return path.text("type") == "ReplacePrefixMatch" && path.has("replacePrefixMatch");
         }) == 1;
}

bool matches_one_prefix(const Value& rule) {
  const auto all = rule["matches"].items();
  return all.size() == 1 && all.front()["path"].text("type") == "PathPrefix";
}

bool backend_replaces_prefix(const Value& rule, std::string_view member) {
  const auto backends = rule["backendRefs"].items();
  return std::count_if(backends.begin(), backends.end(), [&](const Value& backend) {
           return replaces_prefix(backend["filters"], member);
         }) == 1;
}

void find_redirects_with_backends(const Value& self, Places& broken) {
  if (self["backendRefs"].size() == 0) return;
  for (const auto& filter : self["filters"].items())
    if (filter.has("requestRedirect")) broken.push_back(filter.node());
}

bool is_exact_form(const Value& self, std::string_view key, std::string_view pattern) {
  return self.text("type") != "Exact" || !self.has(key) || matches(pattern, self.text(key));
}

constexpr std::array kRules{
    RuleFunction{.id = "parent-section-needed", .find = find_parents_without_section},
    RuleFunction{.id = "parent-section-unique",
                 .find = [](const Value& self,
                            Places& out) { find_repeated(self, same_parent_and_section, out); }},
    RuleFunction{.id = "service-port-required", .holds = names_port_of_service},
    RuleFunction{.id = "grpc-method-empty",
                 .holds =
                     [](const Value& self) {
                       return !self.has("type") || self.has("service") || self.has("method");
                     }},
    RuleFunction{.id = "grpc-service-form",
                 .holds =
                     [](const Value& self) {
                       return is_exact_form(self, "service",
                                            R"(^(?i)\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$)");
                     }},
    RuleFunction{.id = "grpc-method-form",
                 .holds =
                     [](const Value& self) {
                       return is_exact_form(self, "method", "^[A-Za-z_][A-Za-z_0-9]*$");
                     }},
    RuleFunction{.id = "grpc-matches-total", .holds = has_few_matches},
    RuleFunction{.id = "http-matches-total", .holds = has_few_matches},
    RuleFunction{
        .id = "rule-names",
        .find = [](const Value& self, Places& out) { find_repeated(self, same_name, out); }},
    RuleFunction{.id = "path-absolute",
                 .holds = [](const Value& self) { return literal_path(self).starts_with('/'); }},
    RuleFunction{.id = "path-double-slash",
                 .holds = [](const Value& self) { return path_lacks(self, "//"); }},
    RuleFunction{.id = "path-dot",
                 .holds = [](const Value& self) { return path_lacks(self, "/./"); }},
    RuleFunction{.id = "path-dot-dot",
                 .holds = [](const Value& self) { return path_lacks(self, "/../"); }},
    RuleFunction{.id = "path-slash-escaped",
                 .holds = [](const Value& self) { return path_lacks(self, "%2f"); }},
    RuleFunction{.id = "path-slash-escaped-upper",
                 .holds = [](const Value& self) { return path_lacks(self, "%2F"); }},
    RuleFunction{.id = "path-fragment",
                 .holds = [](const Value& self) { return path_lacks(self, "#"); }},
    RuleFunction{.id = "path-dot-dot-end",
                 .holds = [](const Value& self) { return !literal_path(self).ends_with("/.."); }},
    RuleFunction{.id = "path-dot-end",
                 .holds = [](const Value& self) { return !literal_path(self).ends_with("/."); }},
    RuleFunction{
        .id = "path-type",
        .holds =
            [](const Value& self) {
              return is_one_of(self.text("type"), {"Exact", "PathPrefix", "RegularExpression"});
            }},
    RuleFunction{.id = "path-characters",
                 .holds =
                     [](const Value& self) {
                       return matches(R"(^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$)",
                                      literal_path(self));
                     }},
    RuleFunction{.id = "timeout-backend-longer", .holds = is_backend_timeout_shorter},
    RuleFunction{.id = "redirect-without-backends", .find = find_redirects_with_backends},
    RuleFunction{.id = "redirect-prefix-match",
                 .holds =
                     [](const Value& self) {
                       return !replaces_prefix(self["filters"], "requestRedirect") ||
                              matches_one_prefix(self);
                     }},
    RuleFunction{.id = "rewrite-prefix-match",
                 .holds =
                     [](const Value& self) {
                       return !replaces_prefix(self["filters"], "urlRewrite") ||
                              matches_one_prefix(self);
                     }},
    RuleFunction{.id = "backend-redirect-prefix-match",
                 .holds =
                     [](const Value& self) {
                       return !backend_replaces_prefix(self, "requestRedirect") ||
                              matches_one_prefix(self);
                     }},
    RuleFunction{.id = "backend-rewrite-prefix-match",
                 .holds =
                     [](const Value& self) {
                       return !backend_replaces_prefix(self, "urlRewrite") ||
                              matches_one_prefix(self);
                     }},
};

}  // namespace

std::span<const RuleFunction> route_rules() {
  return kRules;
}

}  // namespace aksmesh::istio::schema
