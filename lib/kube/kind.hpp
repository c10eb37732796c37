// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace aksmesh::kube {

/// The kinds that rules look at; everything else is `other`.
enum class Kind : std::uint8_t {
  other,
  // core, apps, batch and the like
  name_space,
  pod,
  node,
  service,
  secret,
  config_map,
  event,
  service_account,
  deployment,
  stateful_set,
  daemon_set,
  replica_set,
  job,
  cron_job,
  horizontal_pod_autoscaler,
  ingress,
  ingress_class,
  network_policy,
  mutating_webhook_configuration,
  validating_webhook_configuration,
  custom_resource_definition,
  cluster_role,
  pod_metrics,  ///< what the containers of a pod use, as the metrics API measures it
  // Gateway API
  gateway_class,
  kube_gateway,
  http_route,
  grpc_route,
  tcp_route,
  tls_route,
  udp_route,
  reference_grant,
  // Istio
  istio_gateway,
  virtual_service,
  destination_rule,
  service_entry,
  sidecar,
  envoy_filter,
  proxy_config,
  workload_entry,
  workload_group,
  authorization_policy,
  peer_authentication,
  request_authentication,
  telemetry,
  wasm_plugin,
  istio_operator,
  // neighbours
  static_gateway_configuration,
  secret_provider_class,
  certificate,
  cilium_network_policy,
  cilium_clusterwide_network_policy,
  gatekeeper_constraint,
  osm_resource,  ///< of Open Service Mesh or its SMI, whatever the kind
  // a mesh configuration without apiVersion and kind
  mesh_config_file,
  // mesh networks given by hand, likewise
  mesh_networks_file,
  count_
};

/// A set of kinds, as checks declare what they read.
class KindSet {
 public:
  constexpr KindSet() = default;
  constexpr KindSet(std::initializer_list<Kind> list) {
    for (const Kind kind : list) add(kind);
  }
  constexpr void add(Kind kind) { bits_ |= std::uint64_t{1} << static_cast<unsigned>(kind); }
  constexpr void remove(Kind kind) { bits_ &= ~(std::uint64_t{1} << static_cast<unsigned>(kind)); }
  [[nodiscard]] constexpr bool has(Kind kind) const {
    return (bits_ >> static_cast<unsigned>(kind) & 1U) != 0;
  }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  constexpr KindSet operator|(const KindSet& other) const {
    KindSet out;
    out.bits_ = bits_ | other.bits_;
    return out;
  }
  constexpr bool operator==(const KindSet&) const = default;

 private:
  std::uint64_t bits_ = 0;
};
static_assert(static_cast<unsigned>(Kind::count_) <= 64);

/// Calls `visit(kind)` for each kind of a set.
template <class Visit>
void for_each_kind(const KindSet& kinds, Visit visit) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(Kind::count_); ++i)
    if (const auto kind = static_cast<Kind>(i); kinds.has(kind)) visit(kind);
}

/// API group and kind to Kind; versions do not matter.
Kind find_kind(std::string_view group, std::string_view kind);
/// False for kinds that live outside namespaces (Namespace, Node, ...).
bool is_namespaced(Kind kind, std::string_view kind_name);
/// The word that manifests use for the kind, for messages.
std::string_view kind_name(Kind kind);
/// Its API group; empty for the core group and for what has none.
std::string_view group_of(Kind kind);

}  // namespace aksmesh::kube
