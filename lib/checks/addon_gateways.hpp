// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "checks/check.hpp"
#include "checks/host_set.hpp"

namespace aksmesh::checks {

/// True for the names that the add-on gives its two ingress gateways, which are also their `istio`
/// and `app` labels.
inline bool is_ingress_gateway(std::string_view name) {
  return name == kExternalGateway || name == kInternalGateway;
}

/// True for the Service of an ingress gateway of the add-on.
inline bool is_ingress_service(const Object& service) {
  return service.name_space == kIngressNamespace && is_ingress_gateway(service.name);
}

/// The label `istio` that an Istio Gateway asks of its pods.
inline data::Node selected_gateway(const Object& gateway) {
  return gateway.spec().at("selector", "istio");
}

inline constexpr KindSet kEgressGatewayKinds{Kind::service, Kind::deployment};

/// The Services and Deployments of the add-on's egress gateways in the input; declare
/// kEgressGatewayKinds.
class EgressGateways {
 public:
  explicit EgressGateways(const Facts& facts);

  [[nodiscard]] bool empty() const { return objects_.empty(); }
  /// Services before Deployments, each in the order of the input.
  [[nodiscard]] const std::vector<const Object*>& objects() const { return objects_; }
  /// The namespace of the gateway whose pods carry the label `istio` with this value; null when
  /// there is none.
  [[nodiscard]] const std::string_view* name_space_of(std::string_view istio_label) const;
  [[nodiscard]] bool has_app(std::string_view app_label) const { return apps_.contains(app_label); }

 private:
  void add(const Object& object);
  void add_labels(const Object& object, const Node& labels);

  std::vector<const Object*> objects_;
  std::unordered_map<std::string_view, std::string_view> by_istio_label_;
  std::unordered_set<std::string_view> apps_;
};

/// Reads kEgressGatewayKinds.
bool has_egress_gateways(const Facts& facts);

/// True when a Gateway seems meant for a gateway of egress, by its namespace or its hosts;
/// `external` holds the hosts of ServiceEntries outside the mesh.
bool looks_like_egress(const Object& gateway, const HostSet& external);

}  // namespace aksmesh::checks
