// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "istio/validation/tables.hpp"
#include "istio/validation/virtual_service_parts.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr std::array<std::string_view, 5> kPseudoHeaders{":method", ":scheme", ":authority",
                                                         ":path", ":status"};

void check_string_match(std::string_view rule, const Node& match, Problems& out) {
  const auto [kind, value] = read_string_match(match);
  if (kind == "prefix" && value.text().empty())
    out.error(rule, value, "the prefix is empty");
  else if (kind == "regex")
    check_regex(rule, value, out);
}

void check_matched_header(const Node& name, const Node& value, Problems& out) {
  const auto text = name.text();
  const bool pseudo =
      std::find(kPseudoHeaders.begin(), kPseudoHeaders.end(), text) != kPseudoHeaders.end();
  if (text.empty())
    out.error("VS-24", value, "the name of the header is empty");
  else if (!pseudo && !is_claim(text) && !is_header_name(text))
    out.error("VS-24", value, shown(text) + " is no name of an HTTP header");
}

void check_header_name(const Node& name, const Node& place, std::string_view allowed_pseudo,
                       Problems& out) {
  constexpr std::string_view kRule = "VS-27";
  const auto lower = to_lower(name.text());
  if (lower.empty())
    out.error(kRule, place, "the name of the header is empty");
  else if (allowed_pseudo.empty() && lower == "host")
    out.error(kRule, place, "the host header can only be set or added in a request");
  else if (lower.starts_with(':') && lower != allowed_pseudo)
    out.error(kRule, place,
              shown(name.text()) + " is a pseudo-header, which cannot be changed here");
}

void check_header_fields(const Node& owner, std::string_view part, Problems& out) {
  for (const std::string_view change : {"add", "set"})
    for (const auto& [name, value] : owner.at(part, change).entries()) {
      check_header_name(name, value, part == "request" ? ":authority" : "", out);
      const auto fault = header_value_fault(value.text());
      if (!fault.empty()) out.error("VS-27", value, fault);
    }
  for (const auto name : owner.at(part, "remove").items()) check_header_name(name, name, "", out);
}

}  // namespace

void check_http_match(const Node& match, Problems& out) {
  for (const auto& [name, value] : match["headers"].entries()) {
    check_matched_header(name, value, out);
    if (value.is_null())
      out.error("VS-24", value, "the match is null; to ask for the header alone, write {}");
    check_string_match("VS-24", value, out);
  }
  for (const auto& [name, value] : match["withoutHeaders"].entries()) {
    check_matched_header(name, value, out);
    const auto test = read_string_match(value);
    if (test.kind != "regex" || test.value.text() != "*") check_string_match("VS-24", value, out);
  }
  const auto uri = read_string_match(match["uri"]);
  if (uri.kind == "regex") check_regex("VS-25", uri.value, out);
  for (const std::string_view name : {"scheme", "method", "authority"})
    check_string_match("VS-25", match[name], out);
  for (const auto& [name, value] : match["queryParams"].entries())
    check_string_match("VS-25", value, out);
  if (has(match, "port")) check_port("VS-26", {match, "port"}, out);
  check_labels("VS-26", match["sourceLabels"], out);
  check_gateway_names(match["gateways"], out);
  if (has(match, "sourceNamespace")) check_label("VS-26", {match, "sourceNamespace"}, out);
}

void check_tcp_match(const Node& match, Problems& out) {
  constexpr std::string_view kRule = "VS-51";
  for (const auto subnet : match["destinationSubnets"].items())
    check_ip_or_cidr(kRule, subnet, out);
  if (has(match, "port")) check_port(kRule, {match, "port"}, out);
  check_labels(kRule, match["sourceLabels"], out);
  check_gateway_names(match["gateways"], out);
}

void check_header_changes(const Node& headers, Problems& out) {
  check_header_fields(headers, "request", out);
  check_header_fields(headers, "response", out);
}

void check_http_status(std::string_view rule, const Place& status, Problems& out) {
  check_range(rule, status, limit("leastHttpStatus"), limit("mostHttpStatus"), out);
}

void check_cors(const Node& policy, Problems& out) {
  constexpr std::string_view kRule = "VS-29";
  for (const auto origin : policy["allowOrigins"].items()) {
    const auto [kind, value] = read_string_match(origin);
    if (value.text().empty())
      out.error(kRule, origin, "an origin needs exact, prefix or regex with a value");
    else if (kind == "regex")
      check_regex(kRule, value, out);
  }
  for (const auto method : policy["allowMethods"].items())
    if (!is_listed("corsMethods", method.text()))
      out.error(kRule, method,
                shown(method.text()) + " is no method; allowed are " + words_of("corsMethods"));
  for (const std::string_view list : {"allowHeaders", "exposeHeaders"})
    for (const auto name : policy[list].items())
      if (name.text() != "*" && !is_header_name(name.text()))
        out.error(kRule, name,
                  name.text().empty() ? "the name of the header is empty"
                                      : shown(name.text()) + " is no name of an HTTP header");
  const Place age{policy, "maxAge"};
  check_duration(kRule, age, out);
  const auto span = parse_duration(age.text());
  if (span && *span % std::chrono::seconds{1} != std::chrono::nanoseconds{0})
    out.error(kRule, age, shown(age.text()) + " is no whole number of seconds");
}

void check_fault(const Node& fault, Problems& out) {
  constexpr std::string_view kRule = "VS-30";
  if (!fault) return;
  const auto abort = field(fault, "abort");
  const auto delay = field(fault, "delay");
  if (!abort && !delay) out.error(kRule, fault, "one of abort and delay is required");
  check_percent(kRule, field(abort, "percentage"), out);
  const Place grpc{abort, "grpcStatus"};
  if (grpc.value() && !is_listed("grpcStatuses", grpc.text()))
    out.error(
        kRule, grpc,
        shown(grpc.text()) + " is no status of gRPC; allowed are " + words_of("grpcStatuses"));
  if (const auto http2 = field(abort, "http2Error"))
    out.error(kRule, http2, "http2Error is not supported; use httpStatus or grpcStatus");
  if (field(abort, "httpStatus")) check_http_status(kRule, {abort, "httpStatus"}, out);
  check_percent(kRule, field(delay, "percentage"), out);
  check_duration(kRule, {delay, "fixedDelay"}, out);
  if (const auto exponential = field(delay, "exponentialDelay"))
    out.error(kRule, exponential, "exponentialDelay is not supported; use fixedDelay");
}

}  // namespace aksmesh::istio::validation
