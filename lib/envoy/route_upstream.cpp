// SPDX-License-Identifier: Apache-2.0
#include "envoy/route_upstream.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "envoy/cluster.hpp"
#include "envoy/origin.hpp"
#include "envoy/request_match.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

std::string text_of(const Value& value) {
  return std::string(value.text());
}

/// The transport socket for an endpoint: the first whose conditions it fulfils.
Value socket_to(const Value& cluster, std::string_view mode) {
  for (const auto one : cluster["transport_socket_matches"].items()) {
    bool fits = true;
    for (const auto& [key, value] : one["match"].members())
      fits = fits && key == "tlsMode" && value.text() == mode;
    if (fits) return one["transport_socket"];
  }
  return cluster["transport_socket"];
}

bool sets_name_itself(const Value& cluster) {
  for (const auto& [name, options] : cluster["typed_extension_protocol_options"].members())
    if (options["upstream_http_protocol_options"]["auto_sni"].is_true()) return true;
  return false;
}

bool is_healthy(const EndpointRow& row) {
  return (row.status == "HEALTHY" || row.status == "UNKNOWN") &&
         row.outlier != EndpointRow::Outlier::failed;
}

std::string key_of(const EndpointRow& row) {
  return with_port(endpoint_host(row.address), row.address.port);
}

/// What the dump and /clusters tell of one endpoint; the latter knows its health.
void merge(const EndpointRow& row, RouteEndpoint& out) {
  const bool worse = row.status != "UNKNOWN" &&
                     (out.health.empty() || out.health == "HEALTHY" || out.health == "UNKNOWN");
  if (out.health.empty() || worse) out.health = row.status;
  if (row.outlier == EndpointRow::Outlier::failed) out.health = "EJECTED";
  if (!is_healthy(row)) out.is_used = false;
  if (!row.details) return;
  const auto& details = *row.details;
  if (out.workload.empty()) out.workload = details.workload;
  if (out.tls.empty()) out.tls = details.tls_mode;
  if (out.locality.empty()) out.locality = details.locality;
  if (details.weight) out.weight = *details.weight;
  out.priority = std::max(out.priority, details.priority);
}

std::vector<RouteEndpoint> endpoints_of(const std::vector<EndpointRow>& rows) {
  std::map<std::string, RouteEndpoint> all;
  for (const auto& row : rows) {
    auto& one = all.try_emplace(key_of(row), RouteEndpoint{.address = key_of(row), .is_used = true})
                    .first->second;
    merge(row, one);
  }
  std::vector<RouteEndpoint> out;
  for (auto& [key, one] : all) out.push_back(std::move(one));
  // The healthy ones of the first priority that has any are in use.
  std::int64_t first = INT64_MAX;
  for (const auto& one : out)
    if (one.is_used) first = std::min(first, one.priority);
  for (auto& one : out) one.is_used = one.is_used && one.priority == first;
  return out;
}

RouteStep cluster_step(const Value& cluster, const RouteTarget& target) {
  RouteStep out{.kind = "cluster", .result = target.cluster, .origin = origin_of(cluster)};
  if (target.share < 100) out.notes.push_back(percent_text(target.share) + " of such requests");
  const auto name = parse_cluster_name(target.cluster);
  if (name && !name->subset.empty()) out.notes.push_back("subset " + std::string(name->subset));
  for (const auto one : cluster["metadata"]["filter_metadata"]["istio"]["services"].items())
    out.notes.push_back("service " + text_of(one["name"]) + '.' + text_of(one["namespace"]));
  if (const auto outlier = cluster["outlier_detection"]; outlier.is_there())
    out.notes.emplace_back("endpoints that fail are left out for a while");
  return out;
}

RouteStep endpoints_step(const RouteTarget& target, const std::string& policy) {
  RouteStep out{.kind = "endpoints"};
  std::vector<std::string> used;
  for (const auto& one : target.endpoints) {
    if (one.is_used)
      used.push_back(one.address);
    else
      out.notes.push_back("not " + one.address + ": " +
                          (one.health == "HEALTHY" || one.health == "UNKNOWN"
                               ? "its priority is " + std::to_string(one.priority)
                               : one.health));
  }
  out.result = used.empty() ? "none" : join(used, ", ");
  if (used.size() > 1) out.notes.insert(out.notes.begin(), "one of them, by " + policy);
  return out;
}

/// Whether an empty list of endpoints says that there are none.
bool lacks_endpoints(const RouteTarget& target, bool has_endpoints) {
  if (!target.is_known.value_or(true)) return true;
  const bool used = std::any_of(target.endpoints.begin(), target.endpoints.end(),
                                [](const RouteEndpoint& one) { return one.is_used; });
  return !used && target.type != "ORIGINAL_DST" &&
         (has_endpoints || target.type != "EDS" || !target.endpoints.empty());
}

/// What comes of it when there is nothing to send to.
void end_without_endpoints(bool has_endpoints, const RouteRequest& request, RouteAnswer& answer) {
  if (answer.end.sort != RouteEnd::Sort::forwarded) return;
  for (const auto& one : answer.targets)
    if (!lacks_endpoints(one, has_endpoints)) return;
  const bool known = *answer.targets.front().is_known;
  answer.end = {.sort = RouteEnd::Sort::refused,
                .why = known ? "the cluster has no healthy endpoint" : "the cluster is missing"};
  const bool read = std::any_of(answer.steps.begin(), answer.steps.end(),
                                [](const RouteStep& step) { return step.kind == "http"; });
  if (read && request.is_http()) {
    answer.end.sort = RouteEnd::Sort::answered;
    answer.end.status = known ? 503 : answer.targets.front().status_without;
  }
}

}  // namespace

UpstreamTls tls_to(const Value& cluster, std::string_view mode) {
  UpstreamTls out{.word = "none"};
  const auto socket = socket_to(cluster, mode);
  const auto context = socket["typed_config"];
  if (!socket["name"].text().ends_with("tls")) return out;
  const auto common = context["common_tls_context"];
  const auto own = common["tls_certificate_sds_secret_configs"].items();
  const bool mutual = !own.empty() || !common["tls_certificates"].items().empty();
  // Certificates of workloads have this name.
  out.word = own.front()["name"].text() == "default" ? "istio mutual"
             : mutual                                ? "mutual"
                                                     : "simple";
  out.server_name = text_of(context["sni"]);
  if (out.server_name.empty() && sets_name_itself(cluster))
    out.notes.emplace_back("the name of the server is the host of the request");
  const auto combined = common["combined_validation_context"]["default_validation_context"];
  const auto names = combined.is_there() ? combined : common["validation_context"];
  for (const char* member : {"match_subject_alt_names", "match_typed_subject_alt_names"})
    for (const auto one : names[member].items()) {
      const auto name = text_of(one["exact"]) + text_of(one["matcher"]["exact"]);
      if (!name.empty()) out.notes.push_back("the server must be " + name);
    }
  const bool trusts = combined.is_there() || common["validation_context"].is_there() ||
                      common["validation_context_sds_secret_config"].is_there();
  if (!trusts) out.notes.emplace_back("any certificate of the server is taken");
  return out;
}

void Upstreams::want(const std::vector<RouteTarget>& targets) {
  for (const auto& one : targets)
    if (!one.cluster.empty()) wanted_.try_emplace(one.cluster);
}

void Upstreams::take(const DumpEntry& entry) {
  if (entry.list.ends_with("clusters")) {
    const auto cluster = entry.value["cluster"];
    if (const auto found = wanted_.find(cluster["name"].text()); found != wanted_.end()) {
      found->second.cluster = cluster.json();
      found->second.section = entry.section;
    }
  }
  const auto found = wanted_.find(cluster_of_endpoints(entry));
  if (found == wanted_.end()) return;
  take_endpoints(entry, Columns::all, [&](EndpointRow&& row, const Value& /*object*/) {
    found->second.endpoints.push_back(std::move(row));
  });
}

void Upstreams::finish(const DumpFacts& facts, const std::string& address,
                       const RouteRequest& request, RouteAnswer& answer) const {
  for (auto& target : answer.targets) {
    if (!facts.has(kClusterSection)) {
      answer.steps.push_back({.kind = "cluster",
                              .result = target.cluster,
                              .notes = {"the clusters of the proxy could not be looked at"},
                              .decided = false});
      continue;
    }
    target.is_known = false;
    const auto found = wanted_.find(target.cluster);
    if (found == wanted_.end()) continue;
    Known known{.cluster = found->second.cluster, .section = found->second.section};
    if (facts.is_replaced(known.section)) known.cluster.clear();
    for (const auto& row : found->second.endpoints)
      if (!facts.is_replaced(row.section))
        known.endpoints.push_back(
            {.address = row.address,
             .cluster = row.cluster,
             .status = row.status,
             .outlier = row.outlier,
             .details = row.details ? std::make_unique<EndpointDetails>(*row.details) : nullptr});
    finish(known, address, request, target, answer);
  }
  if (!facts.has(kClusterSection)) return;
  const bool has_endpoints = facts.has(kEndpointSection) || facts.has(kHostSection);
  end_without_endpoints(has_endpoints, request, answer);
}

void Upstreams::finish(const Known& known, const std::string& address, const RouteRequest& request,
                       RouteTarget& target, RouteAnswer& answer) const {
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  if (known.cluster.empty() || parser.parse(known.cluster).get(element) != simdjson::SUCCESS) {
    answer.steps.push_back(
        {.kind = "cluster", .result = target.cluster, .notes = {"the proxy has no such cluster"}});
    return;
  }
  const Value cluster(element);
  target.is_known = true;
  target.type = cluster["type"].text().empty() ? "STATIC" : text_of(cluster["type"]);
  answer.steps.push_back(cluster_step(cluster, target));
  target.endpoints = endpoints_of(known.endpoints);
  auto policy = text_of(cluster["lb_policy"]);
  if (policy.empty()) policy = "ROUND_ROBIN";
  auto step = endpoints_step(target, policy);
  if (target.type == "ORIGINAL_DST") {
    const auto place = with_port(address.empty() ? request.host : address, request.at_port());
    // Those that the proxy knows are the places of earlier requests.
    target.endpoints.clear();
    if (!address.empty()) target.endpoints.push_back({.address = place, .is_used = true});
    step.result = place;
    step.notes = {"where the request was sent to"};
    if (address.empty())
      step.notes.push_back("the address of " + request.host + " is for DNS to tell");
  } else if (target.endpoints.empty()) {
    step.notes.emplace_back(target.cluster == "BlackHoleCluster"
                                ? "the connection is closed"
                                : "there are none, unless the dump was taken without them");
  }
  answer.steps.push_back(std::move(step));
  std::string mode;
  for (const auto& one : target.endpoints)
    if (one.is_used) mode = one.tls;
  const auto tls = tls_to(cluster, mode);
  target.tls = tls.word;
  target.server_name = tls.server_name;
  RouteStep how{.kind = "tls", .result = tls.word, .notes = tls.notes};
  if (!tls.server_name.empty())
    how.notes.insert(how.notes.begin(), "server name " + tls.server_name);
  for (const auto& one : target.endpoints)
    if (one.is_used && tls_to(cluster, one.tls).word != tls.word)
      how.notes.push_back(one.address + ": " + tls_to(cluster, one.tls).word);
  answer.steps.push_back(std::move(how));
}

}  // namespace aksmesh::envoy
