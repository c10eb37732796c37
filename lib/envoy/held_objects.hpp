// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aksmesh::envoy {

struct DumpEntry;
class Value;

/// A filter of access control in a listener that takes requests for a workload.
struct AccessFilter {
  std::optional<std::int64_t> port{};  ///< nothing: every other port
  bool is_http = false;                ///< else of connections
  std::string action{};                ///< ALLOW, DENY, LOG or CUSTOM
  bool is_dry_run = false;             ///< it is only tried
  /// `NAME.NAMESPACE`, sorted. Empty: it matches nothing, so with ALLOW everything is refused.
  std::vector<std::string> policies{};
  bool operator==(const AccessFilter&) const = default;
};

/// The objects of Istio that a proxy's configuration for some hosts was made of.
class HeldObjects {
 public:
  explicit HeldObjects(std::set<std::string, std::less<>> hosts) : hosts_(std::move(hosts)) {}
  void take(const DumpEntry& entry);

  using Names = std::set<std::string>;  ///< `NAME.NAMESPACE`
  /// By host.
  [[nodiscard]] const std::map<std::string, Names, std::less<>>& rules() const { return rules_; }
  [[nodiscard]] const std::map<std::string, Names, std::less<>>& routes() const { return routes_; }
  /// By port, HTTP filters last, then by action.
  [[nodiscard]] std::vector<AccessFilter> filters() const;

 private:
  void take_cluster(const DumpEntry& entry);
  void take_routes(const DumpEntry& entry);
  void take_listener(const Value& listener);
  void take_chain(const Value& chain, std::optional<std::int64_t> port);
  void take_filter(const Value& filter, AccessFilter facts);

  std::set<std::string, std::less<>> hosts_;
  std::map<std::string, Names, std::less<>> rules_{};
  std::map<std::string, Names, std::less<>> routes_{};
  std::vector<AccessFilter> filters_{};
};

/// The lists that it wants.
inline constexpr std::array<std::string_view, 3> kHeldLists{
    "dynamic_active_clusters", "dynamic_route_configs", "dynamic_listeners"};

/// The one of them that filters come from.
inline constexpr std::string_view kHeldListeners = kHeldLists[2];

/// The policy in a name that istiod gives its rules, `ns[NS]-policy[NAME]-rule[N]`, as `NAME.NS`;
/// nothing for names of another form.
std::optional<std::string> policy_of_rule(std::string_view rule);

}  // namespace aksmesh::envoy
