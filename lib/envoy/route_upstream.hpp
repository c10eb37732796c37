// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "envoy/dump.hpp"
#include "envoy/endpoint.hpp"
#include "envoy/route_request.hpp"
#include "envoy/route_step.hpp"

namespace aksmesh::envoy {

/// How a proxy speaks to an endpoint.
struct UpstreamTls {
  std::string word{};  ///< `istio mutual`, `mutual`, `simple` or `none`
  std::string server_name{};
  std::vector<std::string> notes{};
};
/// Of a cluster, to an endpoint with this word of tlsMode.
UpstreamTls tls_to(const Value& cluster, std::string_view mode);

/// What is known of the clusters that a request may go to.
class Upstreams {
 public:
  void want(const std::vector<RouteTarget>& targets);
  [[nodiscard]] bool wants_any() const { return !wanted_.empty(); }
  void take(const DumpEntry& entry);
  /// Completes the targets of an answer and tells the steps of each. `address` is where the
  /// connection went, for clusters that send it there.
  void finish(const DumpFacts& facts, const std::string& address, const RouteRequest& request,
              RouteAnswer& answer) const;

 private:
  struct Known {
    std::string cluster{};  // JSON
    std::size_t section = 0;
    std::vector<EndpointRow> endpoints{};
  };
  void finish(const Known& known, const std::string& address, const RouteRequest& request,
              RouteTarget& target, RouteAnswer& answer) const;

  std::map<std::string, Known, std::less<>> wanted_{};
};

}  // namespace aksmesh::envoy
