// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "checks/check.hpp"
#include "mesh/gateway_api.hpp"

// Routes of the Gateway API and the Gateways that they name.
namespace aksmesh::checks {

inline constexpr std::array kRouteKindList{Kind::http_route, Kind::grpc_route, Kind::tcp_route,
                                           Kind::tls_route};
inline constexpr KindSet kRouteKinds{Kind::http_route, Kind::grpc_route, Kind::tcp_route,
                                     Kind::tls_route};

/// Calls `visit(route, parent, gateway)` for each parent that is a Gateway; `gateway` is null when
/// it is not in the input. Gateways of other implementations than Istio are left out. Reads
/// kRouteKinds and Gateway of the Gateway API.
template <class Visit>
void visit_parents(const Facts& facts, Visit visit) {
  for (const Kind kind : kRouteKindList)
    for (const auto* route : facts.all(kind))
      for (const auto& parent : mesh::parent_refs(*route)) {
        if (!parent.is_gateway() || parent.name.empty()) continue;
        const auto* gateway = facts.find(Kind::kube_gateway, parent.name_space, parent.name);
        if (gateway == nullptr || mesh::is_of_istio(*gateway)) visit(*route, parent, gateway);
      }
}

/// The place of a parent's part, or of the parent when it is left out.
inline Node part_of(const mesh::Reference& parent, std::string_view key) {
  const auto part = parent.node[key];
  return part ? part : parent.node;
}

/// How a Gateway of the input takes its routes. Reads Namespace besides.
template <class Visit>
void visit_attachments(const Facts& facts, Visit visit) {
  visit_parents(facts,
                [&](const Object& route, const mesh::Reference& parent, const Object* gateway) {
                  if (gateway == nullptr) return;
                  const auto* own = facts.find(Kind::name_space, {}, route.name_space);
                  visit(route, parent, *gateway, mesh::attach(route, parent, *gateway, own));
                });
}

}  // namespace aksmesh::checks
