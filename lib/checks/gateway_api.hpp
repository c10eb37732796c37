// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checks/check.hpp"

// What rules ask of objects of the Kubernetes Gateway API (istio-gateway-api.md).
namespace aksmesh::checks {

/// True for a Gateway that the add-on is to serve.
bool is_of_addon_class(const Object& gateway);
/// True for a Gateway of the automated model: it points at no existing Service, so that Deployment,
/// Service and more are made for it.
bool is_automated(const Object& gateway);
/// What a Gateway of that name gets, unless it says otherwise.
std::string default_generated_name(std::string_view gateway_name);
/// The name of the objects that are made for a Gateway, and the value that it comes from.
struct GeneratedName {
  std::string text;
  Node source{};
};
GeneratedName generated_name(const Object& gateway);

/// What a route is attached to, with the defaults of the API filled in.
struct Parent {
  Node reference{};  ///< the item of parentRefs
  std::string_view group{};
  std::string_view kind{};
  std::string_view name_space{};
  std::string_view name{};

  [[nodiscard]] bool is_gateway() const { return group == kGatewayApiGroup && kind == "Gateway"; }
};
std::vector<Parent> parents_of(const Object& route);

/// The routes that Istio serves.
inline constexpr KindSet kRouteKinds{Kind::http_route, Kind::grpc_route, Kind::tcp_route,
                                     Kind::tls_route};

/// Declare kRouteKinds.
template <class Visit>
void visit_routes(const Facts& facts, Visit visit) {
  for (const Kind kind : {Kind::http_route, Kind::grpc_route, Kind::tcp_route, Kind::tls_route})
    for (const auto* route : facts.all(kind)) visit(*route);
}

bool is_gateway_api_crd(const Object& crd);
/// True for a CRD that the managed installation of AKS owns.
bool is_managed_by_aks(const Object& crd);

}  // namespace aksmesh::checks
