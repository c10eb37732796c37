// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aksmesh::envoy {

struct DumpEntry;
class Value;

/// One route of a virtual host: what it matches, and what becomes of such a request.
struct Route {
  std::string name{};
  std::string match{};        ///< its path (envoy/route_match.hpp)
  std::string conditions{};   ///< what else it matches
  std::string destination{};  ///< such as `outbound|80||a 90, outbound|80||b 10` or `redirect 301`
  std::string timeout{};      ///< as Envoy writes it; empty: Envoy's default
  std::string origin{};       ///< path of its VirtualService, as istiod notes it; empty: none
  bool passes_through = false;  ///< to where the caller wanted to go anyway; the neighbour hides it
};

struct VirtualHost {
  std::string name{};
  std::vector<std::string> domains{};
  std::vector<Route> routes{};
};

/// One route configuration of a proxy.
struct RouteRow {
  enum class State : std::uint8_t { fixed, active };
  std::string name{};  ///< of static ones often empty
  std::vector<VirtualHost> hosts{};
  State state = State::active;
  std::string updated{};  ///< RFC 3339; empty: not told
  std::string error{};    ///< why the last update was refused, in Envoy's words
  std::string config{};   ///< for who wants it as Envoy gives it: JSON without blanks
  std::size_t section = 0;
};

inline constexpr std::array<std::string_view, 2> kRouteLists{"static_route_configs",
                                                             "dynamic_route_configs"};
inline constexpr std::string_view kRouteSection = "RoutesConfigDump";

RouteRow route_row(const DumpEntry& entry);
/// `ACTIVE` or `STATIC`.
std::string_view word_of(RouteRow::State state);
/// Those named with a number first, by that number, as the neighbour has them; then by name.
bool comes_before(const RouteRow& a, const RouteRow& b);

/// What becomes of a request that a route matches.
std::string destination_text(const Value& route);
/// `A 90, B 10` of what Envoy calls weighted clusters.
std::string weights_text(const Value& weighted);
/// Two of the domains without those that say the same again, and how many more there are, as the
/// neighbour shows them.
std::string short_domains(const std::vector<std::string>& domains);

}  // namespace aksmesh::envoy
