// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aksmesh::envoy {

struct DumpEntry;

/// What istiod puts into the name of a cluster, as
/// `outbound|9080|v1|reviews.shop.svc.cluster.local`.
struct ClusterName {
  std::string_view direction{};
  std::optional<std::int64_t> port{};
  std::string_view subset{};  ///< empty: none
  std::string_view host{};
};
/// Nothing for names of another form, such as BlackHoleCluster. Views of the name.
std::optional<ClusterName> parse_cluster_name(std::string_view name);

/// One cluster of a proxy.
struct ClusterRow {
  enum class State : std::uint8_t { fixed, active, warming };
  std::string name{};
  /// Of the name; of one in another form, the host is the whole name and the rest is empty.
  std::string host{};
  std::optional<std::int64_t> port{};
  std::string subset{};
  std::string direction{};
  std::string type{};    ///< EDS, STRICT_DNS, ...
  std::string origin{};  ///< of its DestinationRule, as istiod notes it: `/apis/...`; empty: none
  State state = State::active;
  std::string updated{};  ///< RFC 3339; empty: not told
  std::string version{};  ///< of the push that brought it
  std::string policy{};   ///< of load balancing
  std::string error{};    ///< why the last update was refused, in Envoy's words
  std::string config{};   ///< for who wants the cluster as Envoy gives it: JSON without blanks
  std::size_t section = 0;
};

/// The lists that hold clusters.
inline constexpr std::array<std::string_view, 3> kClusterLists{
    "static_clusters", "dynamic_active_clusters", "dynamic_warming_clusters"};
inline constexpr std::string_view kClusterSection = "ClustersConfigDump";

ClusterRow cluster_row(const DumpEntry& entry);
/// `ACTIVE`, `WARMING` or `STATIC`.
std::string_view word_of(ClusterRow::State state);

}  // namespace aksmesh::envoy
