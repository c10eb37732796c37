// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "envoy/bootstrap.hpp"
#include "envoy/dump.hpp"
#include "envoy/route_listener.hpp"
#include "envoy/route_request.hpp"
#include "envoy/route_step.hpp"
#include "envoy/route_upstream.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {

/// Follows a request through the configuration of a proxy. The dump is read up to three times: for
/// the listeners of the request's port, for the one route configuration that its listener names,
/// and for the clusters that its route leads to; nothing else of it is kept.
///
/// The kinds of its steps, in their order: listener, filter chain, filter, http, route
/// configuration, virtual host, route, fault, cors, redirect, direct response, rewrite, timeout,
/// retries, mirror, tcp, cluster, endpoints, tls.
class RouteWalk {
 public:
  /// The namespace is that of the application; empty: that of the dump.
  RouteWalk(RouteRequest request, std::string name_space);
  RouteWalk(const RouteWalk&) = delete;
  RouteWalk& operator=(const RouteWalk&) = delete;
  ~RouteWalk();

  /// The lists of the dump that are to be given next; none when the answer is there.
  [[nodiscard]] std::span<const std::string_view> wanted() const;
  /// A regular expression of RE2 for the names of all that is wanted of them; empty: for any.
  [[nodiscard]] std::string names() const;
  void take(const DumpEntry& entry);
  /// That all entries of the lists were given.
  void next(const DumpFacts& facts);
  [[nodiscard]] const RouteAnswer& answer() const { return answer_; }
  [[nodiscard]] const RouteRequest& request() const { return request_; }

 private:
  enum class Stage : std::uint8_t { listeners, routes, clusters, over };
  struct Kept {
    std::string text{};
    std::size_t section = 0;
  };
  void walk_listeners(const DumpFacts& facts);
  /// Where it could have been taken instead.
  void note_ports();
  void walk_manager_of(const ListenerChoice& choice);
  void walk_tcp(const ListenerChoice& choice);
  void take_routes(const DumpEntry& entry);
  void walk_route_configuration(const DumpFacts& facts);
  void to_clusters();
  /// The values of what was kept and has not been replaced; they live as long as this.
  std::vector<Value> parsed(const DumpFacts& facts);

  RouteRequest request_;
  std::string name_space_;
  RouteAnswer answer_{};
  Stage stage_ = Stage::listeners;
  std::vector<Kept> kept_{};
  std::set<std::int64_t> ports_{};  // where it takes requests
  // Their size depends on how they are compiled, which only this layer knows.
  struct Parsers;
  std::unique_ptr<Parsers> parsers_;
  std::optional<BootstrapRow> bootstrap_{};
  std::string routes_{};   // the name of the route configuration
  std::string address_{};  // where the connection goes
  Upstreams upstreams_{};
};

}  // namespace aksmesh::envoy
