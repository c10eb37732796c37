// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aksmesh::envoy {

/// One decision on the way of a request.
struct RouteStep {
  std::string kind{};    ///< what was decided: `listener`, `route`, ... (route_walk.hpp)
  std::string result{};  ///< what was chosen
  std::vector<std::string> notes{};  ///< why, and what else is of interest
  /// The object of Istio behind it, as istiod notes it: `/apis/.../virtual-service/reviews`; empty:
  /// none is noted.
  std::string origin{};
  bool decided = true;  ///< false: only the running proxy knows
};

/// One of the places that a request may be sent to.
struct RouteEndpoint {
  std::string address{};   ///< with its port
  std::string health{};    ///< HEALTHY, ...; as Envoy says it
  std::string workload{};  ///< `NAME.NAMESPACE`, as istiod notes it
  std::string tls{};       ///< the word of tlsMode, likewise
  std::string locality{};
  std::int64_t priority = 0;
  std::int64_t weight = 1;
  /// Whether requests go there: healthy, of the priority that is in use.
  bool is_used = false;
};

/// A cluster that a request may be sent to.
struct RouteTarget {
  std::string cluster{};
  double share = 100;  ///< percent of such requests
  /// Whether the proxy has the cluster; nothing: its clusters were not to be had.
  std::optional<bool> is_known{};
  int status_without = 503;  ///< what the proxy answers when it has not
  std::string type{};        ///< EDS, ORIGINAL_DST, ...
  std::string tls{};         ///< how it is spoken to: `istio mutual`, `none`, ...
  std::string server_name{};
  std::vector<RouteEndpoint> endpoints{};
};

/// Where the way ends.
struct RouteEnd {
  enum class Sort : std::uint8_t {
    forwarded,  ///< to one of the targets
    answered,   ///< by the proxy itself, with a status
    refused,    ///< the connection is closed
    unknown     ///< it cannot be told from a dump
  };
  Sort sort = Sort::unknown;
  int status = 0;          ///< of an answer of the proxy
  std::string location{};  ///< of a redirect
  std::string why{};       ///< of all but forwarded
};

struct RouteAnswer {
  std::vector<RouteStep> steps{};
  std::vector<RouteTarget> targets{};
  RouteEnd end{};
  /// Whether no step on the way was left undecided that could lead elsewhere.
  bool is_decided = true;
};

}  // namespace aksmesh::envoy
