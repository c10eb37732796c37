// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envoy/route_request.hpp"
#include "envoy/route_step.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {

/// The request as a connection manager hands it on: its path normalized, its host without what is
/// to go. Tells its step, and the filters that may answer before any route.
RouteRequest walk_manager(const Value& manager, RouteRequest request, RouteAnswer& answer);

/// The virtual host, the route and what that does; tells all steps and the end.
void walk_routes(const Value& routes, const RouteRequest& request, RouteAnswer& answer);

}  // namespace aksmesh::envoy
