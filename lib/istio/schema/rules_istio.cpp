// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <chrono>

#include "istio/schema/request_uri.hpp"
#include "istio/schema/rules.hpp"
#include "istio/validation/syntax.hpp"

// The rules of Istio's definitions.
namespace aksmesh::istio::schema {
namespace {

constexpr std::string_view kUnix = "unix://";

bool is_port(std::int64_t number) {
  return 0 < number && number <= 65535;
}

bool holds_wasm_url_scheme(const Value& self) {
  const auto known = [](const std::optional<std::string>& scheme) {
    return scheme && is_one_of(*scheme, {"", "http", "https", "oci", "file"});
  };
  const auto scheme = request_uri_scheme(self.text());
  return scheme ? known(scheme) : known(request_uri_scheme("http://" + std::string(self.text())));
}

bool holds_jwks_uri_scheme(const Value& self) {
  const auto scheme = request_uri_scheme(self.text());
  return scheme && is_one_of(*scheme, {"http", "https"});
}

bool holds_duration(const Value& self) {
  const auto duration = validation::parse_duration(self.text());
  return duration && *duration >= std::chrono::milliseconds(1);
}

bool holds_socket_absolute(const Value& self) {
  if (!self.text().starts_with(kUnix)) return true;
  const auto path = self.text().substr(kUnix.size());
  return path.starts_with('/') || path.starts_with('@');
}

void find_wildcard_keys(const Value& self, Places& broken) {
  for (const auto& [key, value] : self.node().entries())
    if (key.text().find('*') != std::string_view::npos) broken.push_back(key);
}

void find_empty_keys(const Value& self, Places& broken) {
  for (const auto& [key, value] : self.node().entries())
    if (key.text().empty()) broken.push_back(key);
}

void find_bad_port_names(const Value& self, Places& broken) {
  constexpr std::size_t kLongest = 62;
  for (const auto& [key, value] : self.node().entries())
    if (key.text().size() > kLongest ||
        !matches("^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$", key.text()))
      broken.push_back(key);
}

void find_bad_port_keys(const Value& self, Places& broken) {
  for (const auto& [key, value] : self.node().entries()) {
    std::int64_t number = 0;
    const auto text = key.text();
    const auto end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    // A key that YAML reads as a number in another base is that number.
    if (error != std::errc{} || rest != end) number = key.as_int().value_or(0);
    if (!is_port(number)) broken.push_back(key);
  }
}

void find_address_blocks(const Value& self, Places& broken) {
  const auto resolution = self.has("resolution") ? self.text("resolution") : "NONE";
  if (is_one_of(resolution, {"STATIC", "NONE"})) return;
  for (const auto& address : self["addresses"].items())
    if (address.text().find('/') != std::string_view::npos) broken.push_back(address.node());
}

bool holds_service_accounts(const Value& self) {
  if (!self.has("serviceAccounts") && !self.has("notServiceAccounts")) return true;
  return !self.has("principals") && !self.has("notPrincipals") && !self.has("namespaces") &&
         !self.has("notNamespaces");
}

bool has_no_wildcard(const Value& self) {
  return self.text().find('*') == std::string_view::npos;
}

bool same_number(const Value& one, const Value& other) {
  return one.number("number") && one.number("number") == other.number("number");
}

constexpr std::array kRules{
    RuleFunction{.id = "match-label-value-wildcard", .holds = has_no_wildcard},
    RuleFunction{.id = "match-label-key-wildcard", .find = find_wildcard_keys},
    RuleFunction{.id = "match-label-key-empty", .find = find_empty_keys},
    RuleFunction{.id = "target-namespace",
                 .holds = [](const Value& self) { return self.text().empty(); }},
    RuleFunction{.id = "wasm-url-scheme", .holds = holds_wasm_url_scheme},
    RuleFunction{.id = "wasm-env-host-value",
                 .holds =
                     [](const Value& self) {
                       return self.text("valueFrom") != "HOST" || !self.has("value");
                     }},
    RuleFunction{.id = "selector-or-target",
                 .holds =
                     [](const Value& self) {
                       return at_most_one(self, {"selector", "targetRef", "targetRefs"});
                     }},
    RuleFunction{.id = "duration-of-1ms", .holds = holds_duration},
    RuleFunction{.id = "workload-label-wildcard", .holds = has_no_wildcard},
    RuleFunction{.id = "workload-selector-or-target",
                 .holds =
                     [](const Value& self) {
                       return at_most_one(self, {"workloadSelector", "targetRefs"});
                     }},
    RuleFunction{.id = "certificates-or-credential-names",
                 .holds =
                     [](const Value& self) {
                       return at_most_one(self, {"tlsCertificates", "credentialNames"});
                     }},
    RuleFunction{.id = "credential-name-or-names",
                 .holds =
                     [](const Value& self) {
                       return at_most_one(self, {"credentialName", "credentialNames"});
                     }},
    // The same as certificates-or-credential-names in other words; saying it once is enough.
    RuleFunction{.id = "credential-names-or-certificates",
                 .holds = [](const Value&) { return true; }},
    RuleFunction{.id = "socket-absolute", .holds = holds_socket_absolute},
    RuleFunction{.id = "socket-no-directory",
                 .holds =
                     [](const Value& self) {
                       return !self.text().starts_with(kUnix) || !self.text().ends_with('/');
                     }},
    RuleFunction{.id = "port-number",
                 .holds = [](const Value& self) { return is_port(self.number().value_or(0)); }},
    RuleFunction{.id = "endpoint-port-names", .find = find_bad_port_names},
    RuleFunction{
        .id = "address-or-network",
        .holds = [](const Value& self) { return self.has("address") || self.has("network"); }},
    RuleFunction{.id = "socket-without-ports",
                 .holds =
                     [](const Value& self) {
                       return !self.text("address").starts_with(kUnix) || !self.has("ports");
                     }},
    RuleFunction{.id = "service-host-wildcard",
                 .holds = [](const Value& self) { return self.text() != "*"; }},
    RuleFunction{.id = "service-port-numbers",
                 .find = [](const Value& self,
                            Places& broken) { find_repeated(self, same_number, broken); }},
    RuleFunction{.id = "workload-selector-or-endpoints",
                 .holds =
                     [](const Value& self) {
                       return at_most_one(self, {"workloadSelector", "endpoints"});
                     }},
    RuleFunction{.id = "addresses-by-resolution", .find = find_address_blocks},
    RuleFunction{.id = "endpoints-without-resolution",
                 .holds =
                     [](const Value& self) {
                       const bool none =
                           !self.has("resolution") || self.text("resolution") == "NONE";
                       return !none || !self.has("endpoints");
                     }},
    RuleFunction{.id = "round-robin-endpoints",
                 .holds =
                     [](const Value& self) {
                       return self.text("resolution") != "DNS_ROUND_ROBIN" ||
                              self["endpoints"].size() <= 1;
                     }},
    RuleFunction{.id = "probe-scheme",
                 .holds =
                     [](const Value& self) {
                       return is_one_of(self.text(), {"", "HTTP", "HTTPS"});
                     }},
    RuleFunction{.id = "service-accounts-alone", .holds = holds_service_accounts},
    RuleFunction{.id = "port-level-mtls-ports", .find = find_bad_port_keys},
    RuleFunction{.id = "port-level-mtls-selector",
                 .holds =
                     [](const Value& self) {
                       return !self.has("portLevelMtls") ||
                              self["selector"]["matchLabels"].size() > 0;
                     }},
    RuleFunction{.id = "jwks-uri-scheme", .holds = holds_jwks_uri_scheme},
    RuleFunction{.id = "jwks-or-uri",
                 .holds =
                     [](const Value& self) {
                       return at_most_one(self, {"jwksUri", "jwks_uri", "jwks"});
                     }},
    RuleFunction{.id = "tag-upsert-value",
                 .holds =
                     [](const Value& self) {
                       return self.text("operation") != "UPSERT" || !self.text("value").empty();
                     }},
    RuleFunction{.id = "tag-remove-value",
                 .holds =
                     [](const Value& self) {
                       return self.text("operation") != "REMOVE" || !self.has("value");
                     }},
};

}  // namespace

std::span<const RuleFunction> istio_rules() {
  return kRules;
}

}  // namespace aksmesh::istio::schema
