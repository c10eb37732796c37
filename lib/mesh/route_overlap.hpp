// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "data/tree.hpp"
#include "kube/manifests.hpp"

namespace aksmesh::mesh {

/// The routes of several VirtualServices that Istio joins into one list, for one host of a Gateway.
/// Tells which of them claim the same requests.
class JoinedRoutes {
 public:
  /// Two routes of different VirtualServices that some request fits both.
  struct Clash {
    data::Node
        place{};  ///< the match, or the rule that has none, of the VirtualService that was added
    const kube::Object* other = nullptr;
    std::string requests{};  ///< for people
  };
  /// Adds the routes of a VirtualService and tells its first clash with those added before.
  std::optional<Clash> add(const kube::Object& virtual_service);

 private:
  using Owner = const kube::Object*;

  std::optional<Clash> add_http(Owner service, const data::Node& rule, const data::Node& match);
  std::optional<Clash> claim(Owner service, const data::Node& place, std::string claimed,
                             std::string requests);
  [[nodiscard]] std::optional<Clash> covered(Owner service, const data::Node& match,
                                             std::string_view path) const;
  [[nodiscard]] std::optional<Clash> covers(Owner service, const data::Node& match,
                                            std::string_view prefix) const;

  std::unordered_map<std::string, Owner> claims_;         ///< by everything that a match says
  std::map<std::string, Owner, std::less<>> prefixes_;    ///< matches of a path prefix alone
  std::multimap<std::string, Owner, std::less<>> paths_;  ///< each path or prefix of a match
};

}  // namespace aksmesh::mesh
