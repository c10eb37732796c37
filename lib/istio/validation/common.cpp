// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/common.hpp"

#include <algorithm>
#include <cmath>

#include "data/scalar.hpp"
#include "istio/protocol.hpp"
#include "istio/validation/tables.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr std::size_t kMostShown = 80;
constexpr double kLeastPercent = 0.0001;

/// `VALUE is no WHAT: FAULT`, or that one is required.
std::string refuse(std::string_view value, std::string_view what, std::string_view fault = {}) {
  const bool vowel = std::string_view("aeiouAEIOU").find(what.front()) != std::string_view::npos;
  auto out = value.empty() ? (vowel ? "an " : "a ") + std::string(what) + " is required"
                           : shown(value) + " is no " + std::string(what);
  if (!fault.empty() && !value.empty()) out.append(": ").append(fault);
  return out;
}

constexpr std::string_view kLabelForm =
    "up to 63 letters, digits and dashes, a dash neither first nor last";
constexpr std::string_view kPortForm = "port number from 1 to 65535";
constexpr std::string_view kAddressForm = "IPv4 or IPv6 address";

}  // namespace

std::string shown(std::string_view text) {
  if (text.size() <= kMostShown) return std::string(text);
  std::size_t end = kMostShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

Node field(const Node& owner, std::string_view name) {
  return Place(owner, name).value();
}

std::optional<std::int64_t> integer(const Node& value) {
  if (const auto number = value.as_int()) return number;
  return value.is_string() ? data::parse_integer(value.text()) : std::nullopt;
}

std::int64_t integer(const Node& owner, std::string_view name) {
  return integer(field(owner, name)).value_or(0);
}

bool is_true(const Node& owner, std::string_view name) {
  return owner[name].as_bool().value_or(false);
}

bool has(const Node& owner, std::string_view name) {
  const auto value = field(owner, name);
  if (!value || value.is_mapping()) return static_cast<bool>(value);
  if (value.is_sequence()) return value.size() > 0;
  if (const auto number = value.as_double()) return *number != 0.0;
  return value.as_bool().value_or(!value.text().empty());
}

void check_label(std::string_view rule, const Place& place, Problems& out) {
  if (!is_label(place.text())) out.error(rule, place, refuse(place.text(), "name", kLabelForm));
}

void check_domain(std::string_view rule, const Place& place, Problems& out) {
  const auto fault = domain_fault(place.text());
  if (!fault.empty()) out.error(rule, place, refuse(place.text(), "DNS name", fault));
}

void check_wildcard_domain(std::string_view rule, const Place& place, Problems& out) {
  const auto fault = wildcard_domain_fault(place.text());
  if (!fault.empty()) out.error(rule, place, refuse(place.text(), "host name", fault));
}

void check_port(std::string_view rule, const Place& place, Problems& out) {
  if (!is_port(integer(place.value()).value_or(0)))
    out.error(rule, place, refuse(place.text(), kPortForm));
}

void check_ip(std::string_view rule, const Place& place, Problems& out) {
  if (!is_ip(place.text())) out.error(rule, place, refuse(place.text(), kAddressForm));
}

void check_ip_or_cidr(std::string_view rule, const Place& place, Problems& out) {
  if (!is_ip_or_cidr(place.text()))
    out.error(rule, place,
              refuse(place.text(), "address or CIDR block, such as 10.0.0.1 or 10.0.0.0/16"));
}

void check_duration(std::string_view rule, const Place& place, Problems& out) {
  using std::chrono::milliseconds;
  const auto span = parse_duration(place.text());
  if (!span) return;
  if (*span < milliseconds{1})
    out.error(rule, place, shown(place.text()) + " is too short; the least duration is 1ms");
  else if (*span % milliseconds{1} != std::chrono::nanoseconds{0})
    out.error(rule, place, shown(place.text()) + " is no whole number of milliseconds");
}

void check_range(std::string_view rule, const Place& place, std::int64_t least, std::int64_t most,
                 Problems& out) {
  const auto number = integer(place.value()).value_or(0);
  if (number < least || number > most)
    out.error(rule, place,
              std::to_string(number) + " is out of range; allowed are " + std::to_string(least) +
                  " to " + std::to_string(most));
}

void check_not_negative(std::string_view rule, const Place& place, Problems& out) {
  const auto number = integer(place.value()).value_or(0);
  if (number < 0) out.error(rule, place, std::to_string(number) + " must not be negative");
}

void check_percent(std::string_view rule, const Node& percent, Problems& out) {
  const auto value = percent["value"].as_double().value_or(0.0);
  if (value != 0.0 && (value < kLeastPercent || value > 100.0))
    out.error(rule, {percent, "value"},
              std::string(percent["value"].text()) +
                  " is no percentage; allowed are 0 and 0.0001 to 100");
}

void check_regex(std::string_view rule, const Place& place, Problems& out) {
  const auto text = place.text();
  if (text.empty()) return out.error(rule, place, "the regular expression is empty");
  const auto most = limit("regexBytes");
  if (static_cast<std::int64_t>(text.size()) > most)
    return out.error(rule, place,
                     "the regular expression has more than " + std::to_string(most) + " bytes");
  const auto fault = regex_fault(text);
  if (!fault.empty()) out.error(rule, place, refuse(text, "regular expression of RE2", fault));
}

void check_protocol(std::string_view rule, const Place& place, Problems& out) {
  if (parse_protocol(place.text()) == Protocol::unsupported)
    out.error(rule, place,
              refuse(place.text(),
                     "protocol of Istio (HTTP, HTTP2, GRPC, GRPC-WEB, HTTPS, TLS, TCP, MONGO, "
                     "REDIS, MYSQL)"));
}

void check_labels(std::string_view rule, const Node& labels, Problems& out) {
  for (const auto& [key, value] : labels.entries()) {
    if (!is_label_key(key.text()))
      out.error(rule, value,
                refuse(key.text(), "key of a label",
                       "up to 63 letters, digits, -, _ and . after an optional DNS prefix and /"));
    if (!is_label_value(value.text()))
      out.error(rule, value,
                refuse(value.text(), "value of a label",
                       "letters, digits, -, _ and ., a letter or digit first and last"));
  }
}

}  // namespace aksmesh::istio::validation
