// SPDX-License-Identifier: Apache-2.0
#include "proxy_endpoints.hpp"

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "envoy/address.hpp"
#include "envoy/eds.hpp"
#include "proxy_config_kinds.hpp"

namespace aksmesh::commands {
namespace {

using envoy::EndpointRow;
using Json = nlohmann::ordered_json;

bool is_word(const std::string& wanted, const std::string& word) {
  return wanted.empty() || to_lower(wanted) == to_lower(word);
}

bool is_at(const std::string& address, const EndpointRow& row) {
  const auto host = envoy::endpoint_host(row.address);
  return address.empty() || address == host || address == envoy::eds_name(row) ||
         address == envoy::with_port(host, row.address.port);
}

void put(Json& out, const char* key, const std::string& text) {
  if (!text.empty()) out[key] = text;
}

void put(Json& out, const char* key, const std::optional<std::int64_t>& number) {
  if (number) out[key] = *number;
}

Json facts_of(const EndpointRow& row) {
  Json out{{"address", envoy::endpoint_host(row.address)}};
  if (row.address.port != 0) out["port"] = row.address.port;
  out["cluster"] = row.cluster;
  out["status"] = row.status;
  if (row.outlier != EndpointRow::Outlier::untold) out["outlierCheck"] = word_of(row.outlier);
  if (!row.details) return out;
  const auto& details = *row.details;
  if (!details.health.empty()) out["health"] = details.health;
  for (const auto& more : details.more)
    out["moreAddresses"].push_back(envoy::with_port(envoy::endpoint_host(more), more.port));
  put(out, "locality", details.locality);
  put(out, "weight", details.weight);
  out["priority"] = details.priority;
  put(out, "hostname", details.hostname);
  put(out, "workload", details.workload);
  put(out, "tlsMode", details.tls_mode);
  put(out, "activeConnections", details.active_connections);
  put(out, "activeRequests", details.active_requests);
  put(out, "requests", details.requests);
  put(out, "failedRequests", details.failed_requests);
  return out;
}

}  // namespace

bool EndpointFilter::takes(const EndpointRow& row) const {
  return (port.empty() || port == std::to_string(row.address.port)) &&
         is_word(cluster, row.cluster) && is_word(status, row.status) && is_at(address, row);
}

void declare_endpoint_filter(OptionSet& set, EndpointFilter& filter) {
  declare_address(set, filter.address);
  declare_port(set, filter.port);
  set.value("--envoy-cluster", filter.cluster, "NAME")
      .alias("--cluster")
      .help("Only of the cluster with this name in Envoy");
  set.value("--status", filter.status, "STATUS")
      .help("Only endpoints in this state, as healthy and draining");
}

std::vector<ConfigListing::Item> endpoint_items(std::vector<EndpointRow> rows) {
  std::vector<ConfigListing::Item> out;
  out.reserve(rows.size());
  for (auto& row : rows)
    out.push_back({.facts = compact(facts_of(row)), .config = std::move(row.config)});
  return out;
}

}  // namespace aksmesh::commands
