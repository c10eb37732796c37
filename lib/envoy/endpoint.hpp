// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "envoy/address.hpp"
#include "envoy/columns.hpp"
#include "report/table.hpp"

namespace aksmesh::envoy {

struct DumpEntry;

/// What the tables of istioctl do not show of an endpoint.
struct EndpointDetails {
  std::vector<Address> more{};  ///< its further addresses
  std::string hostname{};       ///< that it was resolved from
  std::string locality{};       ///< `REGION/ZONE/SUB_ZONE`
  std::optional<std::int64_t> weight{};
  std::int64_t priority = 0;          ///< 0 is tried first
  std::vector<std::string> health{};  ///< what is wrong, as `failed_active_health_check`
  std::string workload{};             ///< `NAME.NAMESPACE`, as istiod notes it
  std::string tls_mode{};             ///< likewise: `istio` or `disabled`
  std::optional<std::int64_t> active_connections{};
  std::optional<std::int64_t> active_requests{};
  std::optional<std::int64_t> requests{};         ///< since Envoy knows it
  std::optional<std::int64_t> failed_requests{};  ///< likewise
};

/// One endpoint of one cluster of a proxy.
struct EndpointRow {
  enum class Outlier : std::uint8_t { untold, passed, failed };
  Address address{};
  std::string cluster{};
  std::string status{};  ///< HEALTHY, DRAINING, ...; `UNKNOWN` where nothing is said
  Outlier outlier = Outlier::untold;
  bool is_of_cluster = false;  ///< from the configuration of its cluster
  std::size_t section = 0;
  /// On its own, for dumps of tens of thousands of which nobody asks this; null: not wanted.
  std::unique_ptr<EndpointDetails> details{};
  std::string config{};  ///< for who wants it as Envoy gives it: JSON without blanks
};

inline constexpr std::string_view kHostSection = "Clusters";  ///< of /clusters?format=json
inline constexpr std::string_view kEndpointSection = "EndpointsConfigDump";
/// The lists that hold endpoints, of both sorts of dumps.
inline constexpr std::array<std::string_view, 5> kEndpointLists{
    "cluster_statuses", "static_clusters", "dynamic_active_clusters", "static_endpoint_configs",
    "dynamic_endpoint_configs"};

/// Gets a row and the object of Envoy that it was made of.
using TakeEndpoint = std::function<void(EndpointRow&&, const Value& object)>;
/// Gives each endpoint of an entry of those lists, with details for Columns::all.
void take_endpoints(const DumpEntry& entry, Columns columns, const TakeEndpoint& take);
/// The cluster whose endpoints an entry holds.
std::string_view cluster_of_endpoints(const DumpEntry& entry);

/// The address without its port: `10.0.0.1`, `unix://PATH`, `envoy://LISTENER/ID` or `unknown`.
std::string endpoint_host(const Address& address);
/// `OK`, `FAILED` or `UNKNOWN`.
std::string_view word_of(EndpointRow::Outlier outlier);

/// By address, port and cluster; what is equal keeps its order.
void sort_endpoints(std::vector<EndpointRow>& rows);
/// The table of `istioctl proxy-config endpoint`.
report::Table endpoint_table(const std::vector<EndpointRow>& rows, Columns columns);

/// The cells that endpoints have in all their tables beyond those of istioctl.
std::vector<std::string> detail_headers();
std::vector<std::string> detail_cells(const EndpointRow& row);

}  // namespace aksmesh::envoy
