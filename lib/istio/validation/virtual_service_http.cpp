// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "base/strings.hpp"
#include "istio/validation/tables.hpp"
#include "istio/validation/virtual_service_parts.hpp"

namespace aksmesh::istio::validation {
namespace {

void refuse_both(std::string_view rule, const Node& route, std::string_view name,
                 std::string_view other, Problems& out) {
  if (has(route, name))
    out.error(rule, route[name],
              std::string(name) + " and " + std::string(other) + " exclude each other");
}

void check_conflicts(const Node& route, Role role, Problems& out) {
  if (role == Role::root && field(route, "delegate")) {
    for (const std::string_view name : {"redirect", "route"})
      refuse_both("VS-20", route, name, "delegate", out);
    return;
  }
  if (const auto delegate = field(route, "delegate"))
    out.error("VS-21", delegate, "a delegate cannot have a delegate of its own");
  if (field(route, "redirect")) {
    for (const std::string_view name : {"route", "fault", "rewrite", "directResponse"})
      refuse_both("VS-22", route, name, "redirect", out);
  } else if (field(route, "directResponse")) {
    for (const std::string_view name : {"route", "fault", "rewrite"})
      refuse_both("VS-22", route, name, "directResponse", out);
  } else if (!has(route, "route")) {
    out.error("VS-22", {route, "route"}, "a route, a redirect or a directResponse is required");
  }
  if (field(route, "mirror")) refuse_both("VS-23", route, "mirrors", "mirror", out);
}

void check_authority_once(const Node& route, Problems& out) {
  std::string_view current = field(field(route, "rewrite"), "authority").text();
  for (const std::string_view change : {"set", "add"})
    for (const auto& [name, value] : route.at("headers", "request", change).entries()) {
      const auto lower = to_lower(name.text());
      if (lower != "host" && lower != ":authority") continue;
      if (!current.empty())
        return out.error("VS-28", value, "the authority is already set to " + shown(current));
      current = value.text();
    }
}

void check_whole_percentage(std::string_view rule, const Node& percentage, Problems& out) {
  const auto value = percentage["value"].as_double().value_or(0.0);
  if (value < 0.0 || value > 100.0)
    out.error(rule, percentage["value"],
              std::string(percentage["value"].text()) + " is no percentage; allowed are 0 to 100");
}

void check_mirrors(const Node& route, Problems& out) {
  constexpr std::string_view kRule = "VS-31";
  if (const auto percent = field(route, "mirrorPercent")) {
    if (integer(percent).value_or(0) > 100)
      out.error(kRule, percent, std::string(percent.text()) + " is over 100");
    out.warning(kRule, percent, "mirrorPercent is deprecated; use mirrorPercentage");
  }
  check_whole_percentage(kRule, field(route, "mirrorPercentage"), out);
  if (const auto mirror = field(route, "mirror")) check_destination(mirror, out);
  for (const auto mirror : route["mirrors"].items()) {
    if (mirror.is_null()) {
      out.error(kRule, mirror, "the mirror is null");
    } else if (!field(mirror, "destination")) {
      out.error(kRule, {mirror, "destination"}, "a destination is required");
    } else {
      check_destination(mirror["destination"], out);
      check_whole_percentage(kRule, field(mirror, "percentage"), out);
    }
  }
}

void check_redirect(const Node& redirect, Problems& out) {
  constexpr std::string_view kRule = "VS-32";
  if (!redirect) return;
  const bool ports = field(redirect, "port") || field(redirect, "derivePort");
  if (!has(redirect, "uri") && !has(redirect, "authority") && !has(redirect, "scheme") && !ports)
    out.error(kRule, redirect, "one of uri, authority, scheme, port and derivePort is required");
  if (has(redirect, "redirectCode")) check_range(kRule, {redirect, "redirectCode"}, 300, 399, out);
  const Place scheme{redirect, "scheme"};
  if (!scheme.text().empty() && scheme.text() != "http" && scheme.text() != "https")
    out.error(kRule, scheme, shown(scheme.text()) + " is neither http nor https");
  if (has(redirect, "port")) check_port(kRule, {redirect, "port"}, out);
}

/// The number of bytes that a text in base64 stands for.
std::size_t decoded_size(std::string_view base64) {
  const auto padding = std::count(base64.begin(), base64.end(), '=');
  return base64.size() / 4 * 3 - std::min<std::size_t>(static_cast<std::size_t>(padding), 2);
}

void check_direct_response(const Node& response, Problems& out) {
  constexpr std::string_view kRule = "VS-33";
  if (!response) return;
  check_http_status(kRule, {response, "status"}, out);
  const auto body = field(response, "body");
  const auto bytes = field(body, "bytes").text();
  const auto size = std::max(field(body, "string").text().size(),
                             bytes.empty() ? std::size_t{0} : decoded_size(bytes));
  const auto most = limit("responseBodyBytes");
  if (static_cast<std::int64_t>(size) > most)
    out.error(kRule, body, "the body has more than " + std::to_string(most) + " bytes");
  else if (static_cast<std::int64_t>(size) > limit("largeResponseBodyBytes"))
    out.warning(kRule, body,
                "the body has " + std::to_string(size) + " bytes, which every proxy has to keep");
}

/// A number that HTTP defines as a status, or one of Envoy's words.
bool is_retry_condition(std::string_view word) {
  int status = 0;
  const auto read = std::from_chars(word.data(), word.data() + word.size(), status);
  if (!word.empty() && read.ec == std::errc{} && read.ptr == word.data() + word.size())
    return is_listed("httpStatuses", std::to_string(status));
  return is_listed("retryOn", word);
}

void check_retries(const Node& retries, Problems& out) {
  constexpr std::string_view kRule = "VS-34";
  if (!retries) return;
  check_not_negative(kRule, {retries, "attempts"}, out);
  if (integer(retries, "attempts") == 0)
    for (const std::string_view name : {"perTryTimeout", "retryOn", "retryRemoteLocalities"})
      if (field(retries, name) && (name != "retryOn" || has(retries, name))) {
        out.error(kRule, retries[name],
                  "attempts is 0, which turns retries off; the other fields must be absent then");
        break;
      }
  check_duration(kRule, {retries, "perTryTimeout"}, out);
  check_duration(kRule, {retries, "backoff"}, out);
  const Place retry_on{retries, "retryOn"};
  for (const auto word : split(retry_on.text(), ','))
    if (!is_retry_condition(word))
      out.error(
          kRule, retry_on,
          (trim(word) != word && is_retry_condition(trim(word))
               ? '"' + std::string(word) + "\" holds a blank, which is not allowed beside a comma"
               : '"' + shown(word) + "\" is neither an HTTP status nor one of " +
                     words_of("retryOn")));
}

void check_rewrite(const Node& rewrite, Problems& out) {
  constexpr std::string_view kRule = "VS-35";
  if (!rewrite) return;
  const auto by_regex = field(rewrite, "uriRegexRewrite");
  if (has(rewrite, "uri") && by_regex)
    out.error(kRule, by_regex, "uri and uriRegexRewrite exclude each other");
  if (!has(rewrite, "uri") && !has(rewrite, "authority") && !by_regex)
    out.error(kRule, rewrite, "one of uri, uriRegexRewrite and authority is required");
  if (!by_regex) return;
  if (!has(by_regex, "match") || !has(by_regex, "rewrite"))
    out.error(kRule, by_regex, "both match and rewrite are required");
  else
    check_regex(kRule, {by_regex, "match"}, out);
}

}  // namespace

void check_http_route(const Node& route, Role role, Problems& out) {
  check_conflicts(route, role, out);
  for (const auto match : route["match"].items())
    if (!match.is_null()) check_http_match(match, out);
  check_header_changes(route["headers"], out);
  check_authority_once(route, out);
  check_cors(field(route, "corsPolicy"), out);
  check_fault(field(route, "fault"), out);
  check_mirrors(route, out);
  check_redirect(field(route, "redirect"), out);
  check_direct_response(field(route, "directResponse"), out);
  check_retries(field(route, "retries"), out);
  check_rewrite(field(route, "rewrite"), out);
  check_route_destinations(route["route"], out);
  check_duration("VS-37", {route, "timeout"}, out);
}

void check_route_destinations(const Node& destinations, Problems& out) {
  constexpr std::string_view kRule = "VS-36";
  std::int64_t sum = 0;
  for (const auto each : destinations.items()) {
    if (each.is_null()) {
      out.error(kRule, each, "the destination is null");
      continue;
    }
    if (const auto destination = field(each, "destination"))
      check_destination(destination, out);
    else
      out.error(kRule, {each, "destination"}, "a destination is required");
    check_header_changes(each["headers"], out);
    check_not_negative(kRule, {each, "weight"}, out);
    sum += std::clamp<std::int64_t>(integer(each, "weight"), INT32_MIN, INT32_MAX);
  }
  if (destinations.size() > 1 && sum == 0)
    out.error(kRule, destinations, "the weights of several destinations must not sum to 0");
}

}  // namespace aksmesh::istio::validation
