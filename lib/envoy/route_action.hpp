// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "envoy/route_request.hpp"
#include "envoy/route_step.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {

/// What a route does with a request that it matches: the steps from its faults on, the clusters
/// with their shares, or the answer of the proxy itself. `around` are the virtual host and what
/// else has settings for the filters of the route, the closest first.
void walk_action(const Value& route, const std::vector<Value>& around, const RouteRequest& request,
                 RouteAnswer& answer);

/// The clusters of a route or TCP proxy with their shares; an empty name is one that is not known.
std::vector<RouteTarget> targets_of(const Value& action, const RouteRequest& request);

/// Where a redirect sends to.
std::string redirect_location(const Value& route, const RouteRequest& request);

}  // namespace aksmesh::envoy
