// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "envoy/route_request.hpp"
#include "envoy/route_step.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {

/// Whether a listener may take connections to a port, itself or in the name of others.
bool may_take(const Value& listener, std::int64_t port);

/// The port of a listener for what goes out or through; nothing for others.
std::optional<std::int64_t> port_for_requests(const Value& listener);

/// Whether a name as an application of a namespace writes it, such as `reviews`, `reviews.shop` or
/// the whole, stands for a host of a service. An empty namespace is any.
bool stands_for(std::string_view name, std::string_view host, std::string_view name_space);

/// What becomes of a connection.
struct ListenerChoice {
  Value manager{};        ///< of HTTP, when it comes to one
  Value tcp{};            ///< the configuration of a TCP proxy, likewise
  std::string cluster{};  ///< that the name of the server tells, of a gateway that passes TLS on
  std::string address{};  ///< where the connection goes, as far as it is known
};

/// The listener and its chain of filters for a request; tells its steps. Without either the end of
/// the answer is told.
ListenerChoice choose_listener(const std::vector<Value>& listeners, const RouteRequest& request,
                               std::string_view name_space, RouteAnswer& answer);

}  // namespace aksmesh::envoy
