// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>

#include "istio/schema/rules.hpp"
#include "istio/validation/syntax.hpp"

// The rules of the Gateway API about Gateways and policies, and of its inference extension.
namespace aksmesh::istio::schema {
namespace {

using std::chrono::nanoseconds;

constexpr std::string_view kHostname =
    R"(^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$)";
constexpr std::string_view kQualifiedName =
    R"(^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$)";

bool same_target(const Value& one, const Value& other) {
  return one.text("group") == other.text("group") && one.text("kind") == other.text("kind") &&
         one.text("name") == other.text("name");
}

bool same_target_and_section(const Value& one, const Value& other) {
  return same_target(one, other) && one.text("sectionName") == other.text("sectionName");
}

/// References to one target, only some of which say to which section.
void find_targets_without_section(const Value& self, Places& broken) {
  const auto items = self.items();
  for (const auto& one : items)
    if (one.text("sectionName").empty() &&
        std::any_of(items.begin(), items.end(), [&](const Value& other) {
          return same_target(one, other) && !other.text("sectionName").empty();
        }))
      broken.push_back(one.node());
}

/// A member that belongs to one value of `type`: it must be there with that, and not with others.
bool goes_with(const Value& self, std::string_view member, std::string_view type) {
  return self.text("type") != type || !self.text(member).empty();
}
bool is_not_stray(const Value& self, std::string_view member, std::string_view type) {
  return self.text("type") == type || !self.has("type") || self.text(member).empty();
}

bool names_authorities(const Value& self) {
  return self["caCertificateRefs"].size() > 0;
}
bool names_well_known(const Value& self) {
  return !self.text("wellKnownCACertificates").empty();
}

bool is_hostname_or_none(const Value& self) {
  return self.text("type") != "Hostname" || !self.has("value") ||
         matches(kHostname, self.text("value"));
}

bool same_address(const Value& one, const Value& other, std::string_view type) {
  return one.text("type") == type && other.text("type") == type && one.has("value") &&
         one.text("value") == other.text("value");
}

void find_bad_names(const Value& self, Places& broken) {
  for (const auto& [key, value] : self.node().entries())
    if (!matches(kQualifiedName, key.text())) broken.push_back(key);
}

void find_long_prefixes(const Value& self, Places& broken) {
  constexpr std::size_t kTooLong = 253;
  for (const auto& [key, value] : self.node().entries())
    if (std::min(key.text().find('/'), key.text().size()) >= kTooLong) broken.push_back(key);
}

void find_tls_without_need(const Value& self, Places& broken) {
  for (const auto& listener : self.items())
    if (is_one_of(listener.text("protocol"), {"HTTP", "TCP", "UDP"}) && listener.has("tls"))
      broken.push_back(listener["tls"].node());
}

void find_https_passthrough(const Value& self, Places& broken) {
  for (const auto& listener : self.items())
    if (listener.text("protocol") == "HTTPS" && listener.has("tls") &&
        !is_one_of(listener["tls"].text("mode"), {"", "Terminate"}))
      broken.push_back(listener["tls"]["mode"].node());
}

void find_needless_hostnames(const Value& self, Places& broken) {
  for (const auto& listener : self.items())
    if (is_one_of(listener.text("protocol"), {"TCP", "UDP"}) && !listener.text("hostname").empty())
      broken.push_back(listener["hostname"].node());
}

bool same_name(const Value& one, const Value& other) {
  return one.has("name") && one.text("name") == other.text("name");
}

bool same_port(const Value& one, const Value& other) {
  return one.has("port") && one.number("port") == other.number("port");
}

bool same_listener(const Value& one, const Value& other) {
  return same_port(one, other) && one.text("protocol") == other.text("protocol") &&
         one.has("hostname") == other.has("hostname") &&
         one.text("hostname") == other.text("hostname");
}

void find_repeated_listeners(const Value& self, Places& broken) {
  find_repeated(self, same_listener, broken);
}

/// Within an hour, and at least so long.
bool is_interval(const Value& self, nanoseconds least) {
  const auto duration = validation::parse_duration(self.text());
  return duration && *duration >= least && *duration <= std::chrono::hours(1);
}

constexpr std::array kRules{
    RuleFunction{.id = "target-section-needed", .find = find_targets_without_section},
    RuleFunction{.id = "target-section-unique",
                 .find = [](const Value& self,
                            Places& out) { find_repeated(self, same_target_and_section, out); }},
    RuleFunction{
        .id = "san-hostname-missing",
        .holds = [](const Value& self) { return goes_with(self, "hostname", "Hostname"); }},
    RuleFunction{
        .id = "san-hostname-stray",
        .holds = [](const Value& self) { return is_not_stray(self, "hostname", "Hostname"); }},
    RuleFunction{.id = "san-uri-missing",
                 .holds = [](const Value& self) { return goes_with(self, "uri", "URI"); }},
    RuleFunction{.id = "san-uri-stray",
                 .holds = [](const Value& self) { return is_not_stray(self, "uri", "URI"); }},
    RuleFunction{
        .id = "ca-one-source",
        .holds =
            [](const Value& self) { return !names_authorities(self) || !names_well_known(self); }},
    RuleFunction{
        .id = "ca-some-source",
        .holds =
            [](const Value& self) { return names_authorities(self) || names_well_known(self); }},
    RuleFunction{.id = "gateway-address-hostname", .holds = is_hostname_or_none},
    RuleFunction{.id = "gateway-address-ip",
                 .holds =
                     [](const Value& self) {
                       return self.text("type") != "IPAddress" || !self.has("value") ||
                              validation::is_ip(self.text("value"));
                     }},
    RuleFunction{.id = "gateway-ip-addresses-unique",
                 .find =
                     [](const Value& self, Places& out) {
                       const auto same = [](const Value& one, const Value& other) {
                         return same_address(one, other, "IPAddress");
                       };
                       find_repeated(self, same, out);
                     }},
    RuleFunction{.id = "gateway-hostnames-unique",
                 .find =
                     [](const Value& self, Places& out) {
                       const auto same = [](const Value& one, const Value& other) {
                         return same_address(one, other, "Hostname");
                       };
                       find_repeated(self, same, out);
                     }},
    RuleFunction{.id = "annotation-key-form", .find = find_bad_names},
    RuleFunction{.id = "annotation-prefix-length", .find = find_long_prefixes},
    RuleFunction{.id = "label-key-form", .find = find_bad_names},
    RuleFunction{.id = "label-prefix-length", .find = find_long_prefixes},
    RuleFunction{.id = "listener-tls-certificate",
                 .holds =
                     [](const Value& self) {
                       return self.text("mode") != "Terminate" ||
                              self["certificateRefs"].size() > 0 || self["options"].size() > 0;
                     }},
    RuleFunction{.id = "listener-tls-protocol", .find = find_tls_without_need},
    RuleFunction{.id = "listener-https-mode", .find = find_https_passthrough},
    RuleFunction{.id = "listener-hostname-protocol", .find = find_needless_hostnames},
    RuleFunction{
        .id = "listener-names",
        .find = [](const Value& self, Places& out) { find_repeated(self, same_name, out); }},
    RuleFunction{.id = "listener-combinations", .find = find_repeated_listeners},
    RuleFunction{.id = "listener-set-combinations", .find = find_repeated_listeners},
    RuleFunction{
        .id = "frontend-tls-ports",
        .find = [](const Value& self, Places& out) { find_repeated(self, same_port, out); }},
    RuleFunction{.id = "session-cookie-timeout",
                 .holds =
                     [](const Value& self) {
                       return self["cookieConfig"].text("lifetimeType") != "Permanent" ||
                              self.has("absoluteTimeout");
                     }},
    RuleFunction{
        .id = "budget-interval",
        .holds = [](const Value& self) { return is_interval(self, std::chrono::seconds(1)); }},
    RuleFunction{.id = "min-rate-interval",
                 .holds = [](const Value& self) { return is_interval(self, nanoseconds(1)); }},
    RuleFunction{
        .id = "picker-port",
        .holds =
            [](const Value& self) { return self.text("kind") != "Service" || self.has("port"); }},
    RuleFunction{.id = "pool-ports",
                 .find =
                     [](const Value& self, Places& out) {
                       const auto same = [](const Value& one, const Value& other) {
                         return one.has("number") && one.number("number") == other.number("number");
                       };
                       find_repeated(self, same, out);
                     }},
};

}  // namespace

std::span<const RuleFunction> gateway_rules() {
  return kRules;
}

}  // namespace aksmesh::istio::schema
