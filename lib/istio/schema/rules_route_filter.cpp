// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "istio/schema/rules.hpp"

// The rules of the Gateway API about the filters of routes. Most are of two kinds: a value of one
// member calls for another member, and that other member is only for this value.
namespace aksmesh::istio::schema {
namespace {

/// A text as an argument of a template.
template <std::size_t length>
struct Word {
  constexpr Word(const char (&given)[length]) { std::copy_n(given, length, text.begin()); }
  [[nodiscard]] constexpr std::string_view view() const { return {text.data(), length - 1}; }
  std::array<char, length> text{};
};

template <Word key, Word value, Word member>
bool is_complete(const Value& self) {
  return self.text(key.view()) != value.view() || self.has(member.view());
}

/// A missing key is a fault of its own.
template <Word key, Word value, Word member>
bool is_not_stray(const Value& self) {
  return !self.has(member.view()) || !self.has(key.view()) || self.text(key.view()) == value.view();
}

template <Word type>
void find_second(const Value& self, Places& broken) {
  bool found = false;
  for (const auto& filter : self.items()) {
    if (filter.text("type") != type.view()) continue;
    if (found) broken.push_back(filter.node());
    found = true;
  }
}

bool has_type(const Value& self, std::string_view type) {
  const auto items = self.items();
  return std::any_of(items.begin(), items.end(),
                     [&](const Value& filter) { return filter.text("type") == type; });
}

bool is_wildcard_alone(const Value& self) {
  const auto items = self.items();
  return items.size() <= 1 || std::none_of(items.begin(), items.end(),
                                           [](const Value& item) { return item.text() == "*"; });
}

bool is_fraction(const Value& self) {
  const auto numerator = self.number("numerator");
  const auto denominator = self.number("denominator");
  return !numerator || !denominator || *numerator <= *denominator;
}

constexpr std::array kRules{
    RuleFunction{"mirror-fraction", is_fraction},
    RuleFunction{"mirror-percent-or-fraction",
                 [](const Value& self) {
                   return at_most_one(self, {"percent", "fraction"});
                 }},
    RuleFunction{"request-header-modifier-stray",
                 is_not_stray<"type", "RequestHeaderModifier", "requestHeaderModifier">},
    RuleFunction{"request-header-modifier-missing",
                 is_complete<"type", "RequestHeaderModifier", "requestHeaderModifier">},
    RuleFunction{"response-header-modifier-stray",
                 is_not_stray<"type", "ResponseHeaderModifier", "responseHeaderModifier">},
    RuleFunction{"response-header-modifier-missing",
                 is_complete<"type", "ResponseHeaderModifier", "responseHeaderModifier">},
    RuleFunction{"request-mirror-stray", is_not_stray<"type", "RequestMirror", "requestMirror">},
    RuleFunction{"request-mirror-missing", is_complete<"type", "RequestMirror", "requestMirror">},
    RuleFunction{"extension-ref-stray", is_not_stray<"type", "ExtensionRef", "extensionRef">},
    RuleFunction{"extension-ref-missing", is_complete<"type", "ExtensionRef", "extensionRef">},
    RuleFunction{"request-redirect-stray",
                 is_not_stray<"type", "RequestRedirect", "requestRedirect">},
    RuleFunction{"request-redirect-missing",
                 is_complete<"type", "RequestRedirect", "requestRedirect">},
    RuleFunction{"url-rewrite-stray", is_not_stray<"type", "URLRewrite", "urlRewrite">},
    RuleFunction{"url-rewrite-missing", is_complete<"type", "URLRewrite", "urlRewrite">},
    RuleFunction{"cors-stray", is_not_stray<"type", "CORS", "cors">},
    RuleFunction{"cors-missing", is_complete<"type", "CORS", "cors">},
    RuleFunction{"external-auth-stray", is_not_stray<"type", "ExternalAuth", "externalAuth">},
    RuleFunction{"external-auth-missing", is_complete<"type", "ExternalAuth", "externalAuth">},
    RuleFunction{.id = "request-header-modifier-once",
                 .find = find_second<"RequestHeaderModifier">},
    RuleFunction{.id = "response-header-modifier-once",
                 .find = find_second<"ResponseHeaderModifier">},
    RuleFunction{.id = "request-redirect-once", .find = find_second<"RequestRedirect">},
    RuleFunction{.id = "url-rewrite-once", .find = find_second<"URLRewrite">},
    RuleFunction{"redirect-or-rewrite",
                 [](const Value& self) {
                   return !has_type(self, "RequestRedirect") || !has_type(self, "URLRewrite");
                 }},
    RuleFunction{"cors-methods-wildcard", is_wildcard_alone},
    RuleFunction{"cors-origins-wildcard", is_wildcard_alone},
    RuleFunction{"auth-grpc-missing", is_complete<"protocol", "GRPC", "grpc">},
    RuleFunction{"auth-grpc-stray", is_not_stray<"protocol", "GRPC", "grpc">},
    RuleFunction{"auth-http-missing", is_complete<"protocol", "HTTP", "http">},
    RuleFunction{"auth-http-stray", is_not_stray<"protocol", "HTTP", "http">},
    RuleFunction{"path-full-missing", is_complete<"type", "ReplaceFullPath", "replaceFullPath">},
    RuleFunction{"path-full-stray", is_not_stray<"type", "ReplaceFullPath", "replaceFullPath">},
    RuleFunction{"path-prefix-missing",
                 is_complete<"type", "ReplacePrefixMatch", "replacePrefixMatch">},
    RuleFunction{"path-prefix-stray",
                 is_not_stray<"type", "ReplacePrefixMatch", "replacePrefixMatch">},
};

}  // namespace

std::span<const RuleFunction> route_filter_rules() {
  return kRules;
}

}  // namespace aksmesh::istio::schema
