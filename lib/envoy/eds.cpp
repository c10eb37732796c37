// SPDX-License-Identifier: Apache-2.0
#include "envoy/eds.hpp"

#include <algorithm>
#include <tuple>

#include "base/printable.hpp"
#include "envoy/cluster.hpp"

namespace aksmesh::envoy {
namespace {

std::string name_of(const Address& address) {
  if (address.kind == Address::Kind::pipe) return address.host;
  return with_port(endpoint_host(address), address.port);
}

auto cluster_order(const std::string& name) {
  const auto parts = parse_cluster_name(name).value_or(ClusterName{.host = name});
  return std::tuple(parts.host, parts.subset, parts.port, parts.direction, std::string_view(name));
}

}  // namespace

std::string eds_name(const EndpointRow& row) {
  auto out = name_of(row.address);
  if (row.details)
    for (const auto& more : row.details->more) out += ',' + name_of(more);
  return out;
}

void sort_eds(std::vector<EndpointRow>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const EndpointRow& a, const EndpointRow& b) {
    return cluster_order(a.cluster) < cluster_order(b.cluster);
  });
}

report::Table eds_table(const std::vector<EndpointRow>& rows, Columns columns) {
  report::Table out{.columns = {{"NAME"}, {"STATUS"}, {"LOCALITY"}, {"CLUSTER"}}, .rows = {}};
  if (columns == Columns::all)
    for (auto& header : detail_headers()) out.columns.push_back({std::move(header)});
  for (const auto& row : rows) {
    std::vector<std::string> cells{printable(eds_name(row)), printable(row.status),
                                   row.details ? printable(row.details->locality) : "",
                                   printable(row.cluster)};
    if (columns == Columns::all)
      for (auto& cell : detail_cells(row)) cells.push_back(std::move(cell));
    out.rows.push_back(std::move(cells));
  }
  return out;
}

}  // namespace aksmesh::envoy
