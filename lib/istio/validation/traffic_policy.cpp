// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/traffic_policy.hpp"

#include <algorithm>
#include <unordered_set>

#include "istio/validation/tables.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr std::string_view kConfigMap = "configmap://";

bool is_prime(std::int64_t number) {
  for (std::int64_t i = 2; i * i <= number; ++i)
    if (number % i == 0) return false;
  return number > 1;
}

void check_cookie(const Node& cookie, Problems& out) {
  constexpr std::string_view kRule = "DR-06";
  if (!cookie) return;
  if (!has(cookie, "name")) out.error(kRule, {cookie, "name"}, "the cookie's name is required");
  std::unordered_set<std::string_view> names;
  for (const auto attribute : cookie["attributes"].items()) {
    const Place name{attribute, "name"};
    if (name.text().empty())
      out.error(kRule, name, "the attribute's name is required");
    else if (!names.insert(name.text()).second)
      out.error(kRule, name, "attribute " + shown(name.text()) + " is given twice");
  }
}

void check_consistent_hash(const Node& hash, Problems& out) {
  constexpr std::string_view kRule = "DR-06";
  check_cookie(field(hash, "httpCookie"), out);
  const auto maglev = field(hash, "maglev");
  if (has(hash, "minimumRingSize")) {
    out.warning(kRule, hash["minimumRingSize"],
                "minimumRingSize is deprecated; use ringHash.minimumRingSize");
    if (maglev || field(hash, "ringHash"))
      out.error(kRule, hash["minimumRingSize"],
                "minimumRingSize excludes ringHash and maglev; remove it");
  }
  if (!maglev) return;
  const Place size{maglev, "tableSize"};
  const auto number = integer(maglev, "tableSize");
  const auto most = limit("maglevTableSize");
  if (number == 0)
    out.error(kRule, size, "the size of the table is required: a prime number");
  else if (number > most)
    out.error(kRule, size, std::to_string(number) + " is over " + std::to_string(most));
  else if (!is_prime(number))
    out.error(kRule, size, std::to_string(number) + " is no prime number");
}

void check_warmup(const Node& warmup, Problems& out) {
  constexpr std::string_view kRule = "DR-08";
  if (!warmup) return;
  const Place duration{warmup, "duration"};
  if (!duration.value()) out.error(kRule, duration, "a duration is required");
  check_duration(kRule, duration, out);
  if (field(warmup, "minimumPercent").as_double().value_or(0.0) > 100.0)
    out.error(kRule, warmup["minimumPercent"],
              std::string(warmup["minimumPercent"].text()) + " is over 100");
  if (field(warmup, "aggression").as_double().value_or(1.0) < 1.0)
    out.error(kRule, warmup["aggression"],
              std::string(warmup["aggression"].text()) + " is less than 1");
}

void check_config_map(const Place& name, std::string_view name_space, Problems& out) {
  const auto rest = name.text().substr(kConfigMap.size());
  const auto slash = rest.find('/');
  const auto where = rest.substr(0, slash);
  const auto which = slash == std::string_view::npos ? slash : slash + 1;
  if (which == std::string_view::npos || where.empty() || which == rest.size() ||
      rest.find('/', which) != std::string_view::npos)
    out.error("DR-09", name, shown(name.text()) + " is not of the form configmap://namespace/name");
  else if (where != name_space)
    out.error(
        "DR-09", name,
        "the ConfigMap must be in the DestinationRule's own namespace, " + std::string(name_space));
}

/// One problem for all fields of `names` that are set.
void refuse_all(const Node& tls, std::initializer_list<std::string_view> names,
                std::string_view why, Problems& out) {
  std::string set;
  Node first;
  for (const auto name : names) {
    if (!has(tls, name)) continue;
    if (!first) first = tls[name];
    set.append(set.empty() ? "" : ", ").append(name);
  }
  if (first) out.error("DR-09", first, set + " must not be set " + std::string(why));
}

}  // namespace

void check_outlier_detection(const Node& outlier, Problems& out) {
  constexpr std::string_view kRule = "DR-04";
  if (!outlier) return;
  check_duration(kRule, {outlier, "baseEjectionTime"}, out);
  check_duration(kRule, {outlier, "interval"}, out);
  if (has(outlier, "consecutiveErrors"))
    out.warning(kRule, outlier["consecutiveErrors"],
                "consecutiveErrors is deprecated; use consecutiveGatewayErrors or "
                "consecutive5xxErrors");
  if (integer(outlier, "consecutiveLocalOriginFailures") > 0 &&
      !is_true(outlier, "splitExternalLocalOriginErrors"))
    out.error(kRule, outlier["consecutiveLocalOriginFailures"],
              "this needs splitExternalLocalOriginErrors: true");
  check_range(kRule, {outlier, "maxEjectionPercent"}, 0, 100, out);
  check_range(kRule, {outlier, "minHealthPercent"}, 0, 100, out);
}

void check_connection_pool(const Node& pool, Problems& out) {
  constexpr std::string_view kRule = "DR-05";
  if (!pool) return;
  const auto http = field(pool, "http");
  const auto tcp = field(pool, "tcp");
  if (!http && !tcp) return out.error(kRule, pool, "one of http and tcp is required");
  for (const std::string_view name :
       {"http1MaxPendingRequests", "http2MaxRequests", "maxRequestsPerConnection", "maxRetries",
        "maxConcurrentStreams"})
    check_not_negative(kRule, {http, name}, out);
  check_duration(kRule, {http, "idleTimeout"}, out);
  if (field(http, "h2UpgradePolicy").text() == "UPGRADE" && is_true(http, "useClientProtocol"))
    out.error(kRule, http["useClientProtocol"],
              "h2UpgradePolicy: UPGRADE and useClientProtocol exclude each other");
  check_not_negative(kRule, {tcp, "maxConnections"}, out);
  check_duration(kRule, {tcp, "connectTimeout"}, out);
  check_duration(kRule, {tcp, "maxConnectionDuration"}, out);
  const Place idle{tcp, "idleTimeout"};
  if (parse_duration(idle.text()) != std::chrono::nanoseconds{0}) check_duration(kRule, idle, out);
  const auto keepalive = field(tcp, "tcpKeepalive");
  check_duration(kRule, {keepalive, "time"}, out);
  check_duration(kRule, {keepalive, "interval"}, out);
}

void check_load_balancer(const Node& balancer, const Node& outlier, Problems& out) {
  if (!balancer) return;
  check_consistent_hash(field(balancer, "consistentHash"), out);
  check_locality(field(balancer, "localityLbSetting"), outlier, out);
  check_warmup(field(balancer, "warmup"), out);
}

void check_client_tls(const Node& tls, std::string_view name_space, Problems& out) {
  if (!tls) return;
  const Place credential{tls, "credentialName"};
  const auto mode = field(tls, "mode").text();
  if (credential.text().starts_with(kConfigMap)) check_config_map(credential, name_space, out);
  if (is_true(tls, "insecureSkipVerify")) {
    constexpr std::string_view kWhy = "together with insecureSkipVerify: true";
    if (mode == "SIMPLE")
      refuse_all(tls, {"caCertificates", "credentialName", "subjectAltNames"}, kWhy, out);
    else if (mode == "MUTUAL")
      refuse_all(tls, {"caCertificates", "subjectAltNames"}, kWhy, out);
  }
  if (mode != "SIMPLE" && mode != "MUTUAL") return;
  if (!credential.text().empty()) {
    refuse_all(tls, {"clientCertificate", "privateKey", "caCertificates", "caCrl"},
               "together with credentialName", out);
  } else if (mode == "MUTUAL") {
    for (const std::string_view name : {"clientCertificate", "privateKey"})
      if (!has(tls, name))
        out.error("DR-09", {tls, name},
                  "mode MUTUAL needs a " + std::string(name) + ", or a credentialName");
  }
}

}  // namespace aksmesh::istio::validation
