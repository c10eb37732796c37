// SPDX-License-Identifier: Apache-2.0
#include "envoy/endpoint.hpp"

#include <algorithm>
#include <tuple>

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "envoy/dump.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

constexpr std::string_view kUnknown = "UNKNOWN";

std::string status_of(const Value& status) {
  return std::string(status.text().empty() ? kUnknown : status.text());
}

void add_stats(const Value& stats, EndpointDetails& out) {
  for (const auto& one : stats.items()) {
    const auto name = one["name"].text();
    const auto count = one["value"].number().value_or(0);  // Envoy leaves out 0
    if (name == "cx_active") out.active_connections = count;
    if (name == "rq_active") out.active_requests = count;
    if (name == "rq_total") out.requests = count;
    if (name == "rq_error") out.failed_requests = count;
  }
}

std::unique_ptr<EndpointDetails> details_of_host(const Value& host) {
  auto out = std::make_unique<EndpointDetails>();
  out->hostname = host["hostname"].text();
  out->locality = locality_text(host["locality"]);
  out->weight = host["weight"].number();
  out->priority = host["priority"].number().value_or(0);
  for (const auto& [key, value] : host["health_status"].members())
    if (value.is_true()) out->health.emplace_back(key);
  add_stats(host["stats"], *out);
  return out;
}

/// An entry of /clusters.
void take_hosts(const DumpEntry& entry, Columns columns, const TakeEndpoint& take) {
  const auto cluster = cluster_of_endpoints(entry);
  for (const auto& host : entry.value["host_statuses"].items()) {
    const auto health = host["health_status"];
    EndpointRow row{.address = address_of(host["address"]),
                    .cluster = std::string(cluster),
                    .status = status_of(health["eds_health_status"]),
                    .outlier = health["failed_outlier_check"].is_true()
                                   ? EndpointRow::Outlier::failed
                                   : EndpointRow::Outlier::passed,
                    .section = entry.section};
    if (columns == Columns::all) row.details = details_of_host(host);
    take(std::move(row), host);
  }
}

/// istiod notes `NAME;NAMESPACE;SERVICE;VERSION;CLUSTER`.
std::string workload_name(std::string_view note) {
  const auto parts = split(note, ';');
  if (parts.size() < 2) return std::string(note);
  return std::string(parts[0]) + '.' + std::string(parts[1]);
}

std::unique_ptr<EndpointDetails> details_of_assigned(const Value& group, const Value& one) {
  auto out = std::make_unique<EndpointDetails>();
  const auto notes = one["metadata"]["filter_metadata"];
  for (const auto& more : one["endpoint"]["additional_addresses"].items())
    out->more.push_back(address_of(more["address"]));
  out->hostname = one["endpoint"]["hostname"].text();
  out->locality = locality_text(group["locality"]);
  out->weight = one["load_balancing_weight"].number();
  out->priority = group["priority"].number().value_or(0);
  out->workload = workload_name(notes["istio"]["workload"].text());
  out->tls_mode = notes["envoy.transport_socket_match"]["tlsMode"].text();
  return out;
}

bool is_cluster(const DumpEntry& entry) {
  return entry.list.ends_with("clusters");
}

/// An entry of EDS, or a cluster that has its endpoints in itself. Their details are few.
void take_assigned(const DumpEntry& entry, const TakeEndpoint& take) {
  const auto cluster = cluster_of_endpoints(entry);
  const auto assignment = is_cluster(entry) ? entry.value["cluster"]["load_assignment"]
                                            : entry.value["endpoint_config"];
  for (const auto& group : assignment["endpoints"].items())
    for (const auto& one : group["lb_endpoints"].items())
      take({.address = address_of(one["endpoint"]["address"]),
            .cluster = std::string(cluster),
            .status = status_of(one["health_status"]),
            .is_of_cluster = is_cluster(entry),
            .section = entry.section,
            .details = details_of_assigned(group, one)},
           one);
}

std::string count_text(const std::optional<std::int64_t>& count) {
  return count ? std::to_string(*count) : "-";
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : printable(text);
}

}  // namespace

std::string_view cluster_of_endpoints(const DumpEntry& entry) {
  if (entry.list == "cluster_statuses") return entry.value["name"].text();
  if (is_cluster(entry)) return entry.value["cluster"]["name"].text();
  return entry.value["endpoint_config"]["cluster_name"].text();
}

void take_endpoints(const DumpEntry& entry, Columns columns, const TakeEndpoint& take) {
  if (entry.list == "cluster_statuses") return take_hosts(entry, columns, take);
  take_assigned(entry, take);
}

std::string endpoint_host(const Address& address) {
  switch (address.kind) {
    case Address::Kind::socket: return address.host;
    case Address::Kind::pipe: return "unix://" + address.host;
    case Address::Kind::internal: return "envoy://" + address.host;
    case Address::Kind::unknown: break;
  }
  return "unknown";
}

std::string_view word_of(EndpointRow::Outlier outlier) {
  switch (outlier) {
    case EndpointRow::Outlier::passed: return "OK";
    case EndpointRow::Outlier::failed: return "FAILED";
    case EndpointRow::Outlier::untold: break;
  }
  return kUnknown;
}

void sort_endpoints(std::vector<EndpointRow>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const EndpointRow& a, const EndpointRow& b) {
    // Texts are put together only where the kinds differ, which is rare.
    if (a.address.kind != b.address.kind)
      return std::tuple(endpoint_host(a.address), a.address.port, a.cluster) <
             std::tuple(endpoint_host(b.address), b.address.port, b.cluster);
    return std::tie(a.address.host, a.address.port, a.cluster) <
           std::tie(b.address.host, b.address.port, b.cluster);
  });
}

std::vector<std::string> detail_headers() {
  return {"WEIGHT",   "PRIORITY", "HEALTH",   "CX ACTIVE", "RQ ACTIVE",
          "RQ TOTAL", "RQ ERROR", "HOSTNAME", "WORKLOAD",  "TLS MODE"};
}

std::vector<std::string> detail_cells(const EndpointRow& row) {
  static const EndpointDetails kNone;
  const auto& details = row.details ? *row.details : kNone;
  return {count_text(details.weight),          std::to_string(details.priority),
          or_dash(join(details.health, ",")),  count_text(details.active_connections),
          count_text(details.active_requests), count_text(details.requests),
          count_text(details.failed_requests), or_dash(details.hostname),
          or_dash(details.workload),           or_dash(details.tls_mode)};
}

report::Table endpoint_table(const std::vector<EndpointRow>& rows, Columns columns) {
  report::Table out{.columns = {{"ENDPOINT"}, {"STATUS"}, {"OUTLIER CHECK"}, {"CLUSTER"}},
                    .rows = {}};
  if (columns == Columns::all) {
    out.columns.push_back({"LOCALITY"});
    for (auto& header : detail_headers()) out.columns.push_back({std::move(header)});
  }
  out.rows.reserve(rows.size());
  for (const auto& row : rows) {
    std::vector<std::string> cells{
        printable(with_port(endpoint_host(row.address), row.address.port)), printable(row.status),
        std::string(word_of(row.outlier)), printable(row.cluster)};
    if (columns == Columns::all) {
      cells.push_back(row.details ? or_dash(row.details->locality) : "-");
      for (auto& cell : detail_cells(row)) cells.push_back(std::move(cell));
    }
    out.rows.push_back(std::move(cells));
  }
  return out;
}

}  // namespace aksmesh::envoy
