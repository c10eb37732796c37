// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The forms that Istio demands of texts, apart from any object.
namespace aksmesh::istio::validation {

/// A DNS label as Istio reads it; upper case is allowed.
bool is_label(std::string_view text);
/// Why a text is no domain name, empty for one that is.
std::string domain_fault(std::string_view text);
/// As domain_fault; the first label may be `*` or begin with it.
std::string wildcard_domain_fault(std::string_view text);
bool is_ip(std::string_view text);
/// With a slash a CIDR block, without one an address.
bool is_ip_or_cidr(std::string_view text);
inline bool is_port(std::int64_t number) {
  return number >= 1 && number <= 65535;
}
/// The name of an HTTP header (RFC 9110, "token").
bool is_header_name(std::string_view text);
/// A qualified name of Kubernetes: an optional DNS prefix and `/`, then the name.
bool is_label_key(std::string_view text);
bool is_label_value(std::string_view text);
/// Why `unix://...` names no socket, empty when it does.
std::string unix_address_fault(std::string_view text);
inline constexpr std::string_view kUnixPrefix = "unix://";

/// `1.5s`, `1h30m`; nothing for any other text.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);
/// Why RE2 refuses an expression, empty when it does not.
std::string regex_fault(std::string_view expression);
/// Why Envoy refuses the value of a header to add, empty when it does not: `%` begins a command.
std::string header_value_fault(std::string_view value);

}  // namespace aksmesh::istio::validation
