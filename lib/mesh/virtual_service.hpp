// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "data/tree.hpp"
#include "kube/manifests.hpp"

// What a VirtualService binds to and leads to (istio.io, "VirtualService" reference; 1.28).
namespace aksmesh::mesh {

inline constexpr std::array<std::string_view, 3> kRouteFamilies{"http", "tls", "tcp"};

/// True when sidecars use the routes, and not gateways alone.
bool serves_sidecars(const kube::Object& virtual_service);
/// True when some gateway uses the routes.
bool serves_gateways(const kube::Object& virtual_service);

/// `namespace/name` of a Gateway that an object of `own_namespace` names.
std::string gateway_name(std::string_view named, std::string_view own_namespace);

/// Whether sidecars of the namespace see the object, by its exportTo.
bool is_exported_to(const kube::Object& object, std::string_view name_space);

/// Calls `visit(route, destination)` for each `route[].destination`, with the item of `http`, `tls`
/// or `tcp` that it stands in.
template <class Visit>
void visit_destinations(const kube::Object& virtual_service, Visit visit) {
  for (const auto family : kRouteFamilies)
    for (const auto rule : virtual_service.spec()[family].items())
      for (const auto route : rule["route"].items()) visit(rule, route["destination"]);
}

}  // namespace aksmesh::mesh
