// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "istio/validation/common.hpp"
#include "istio/validation/validate.hpp"

// The parts of the rules for VirtualService.
namespace aksmesh::istio::validation {

/// Where a VirtualService applies: in gateways alone, or in sidecars (too).
enum class Bound { mesh, gateway };

/// A VirtualService without hosts is a delegate: another one includes its routes.
enum class Role { root, delegate };

/// One of `exact`, `prefix` and `regex`; Istio takes the last that is given.
struct StringMatch {
  std::string_view kind{};
  Node value{};
};
StringMatch read_string_match(const Node& match);

/// A header that stands for a claim of a token: `@request.auth.claims.sub`, or `[...]`.
bool is_claim(std::string_view header);

/// VS-02.
void check_gateway_names(const Node& names, Problems& out);
/// VS-04 for one host.
void check_host(std::string_view rule, const Node& host, Bound bound, Problems& out);
/// VS-20 to VS-37.
void check_http_route(const Node& route, Role role, Problems& out);
/// VS-24 to VS-26.
void check_http_match(const Node& match, Problems& out);
/// VS-27, of a route or a destination.
void check_header_changes(const Node& headers, Problems& out);
/// A status that a proxy may answer with.
void check_http_status(std::string_view rule, const Place& status, Problems& out);
/// VS-29.
void check_cors(const Node& policy, Problems& out);
/// VS-30.
void check_fault(const Node& fault, Problems& out);
/// VS-36.
void check_route_destinations(const Node& destinations, Problems& out);
/// VS-51, without the routes' destinations.
void check_tcp_match(const Node& match, Problems& out);
/// VS-09 and VS-10.
void check_route_order(const Node& spec, Coverage coverage, Problems& out);

}  // namespace aksmesh::istio::validation
