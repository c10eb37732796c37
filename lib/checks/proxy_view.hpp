// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "checks/check.hpp"
#include "istio/sync_status.hpp"

// What the istiods of a cluster tell of the proxies that are connected with them.
namespace aksmesh::checks {

/// A running pod of the add-on's istiod, and what it says.
struct IstiodView {
  std::string pod{};
  std::string revision{};
  std::string version{};  ///< the tag of its image; empty: it has none
  std::string port{};     ///< where its debug pages are, as the pod says; empty: the usual one
  /// Nothing while it has not been asked, or could not be.
  std::optional<std::vector<istio::ProxySync>> proxies{};
};

/// All istiods together; each proxy is connected with one of them.
class ProxyView {
 public:
  /// Whether the istiods are all that run, or only those that could be seen.
  enum class Reach : std::uint8_t { all, some };
  /// `now` is in seconds since 1970.
  ProxyView(std::vector<IstiodView> istiods, std::int64_t now, Reach reach = Reach::all);
  ProxyView(const ProxyView&) = delete;
  ProxyView& operator=(const ProxyView&) = delete;

  struct Connection {
    const istio::ProxySync* proxy = nullptr;
    const IstiodView* istiod = nullptr;
  };
  /// The connection of a pod's proxy; null when no istiod that was asked has one.
  [[nodiscard]] const Connection* find(std::string_view name_space, std::string_view pod) const;
  /// Whether every istiod was asked, so that what none of them knows is not connected.
  [[nodiscard]] bool is_whole() const { return whole_; }
  /// Proxies that the istiods of a revision have; nothing when one of those could not be asked.
  [[nodiscard]] std::optional<std::size_t> connected(std::string_view revision) const;
  [[nodiscard]] const std::vector<IstiodView>& istiods() const { return istiods_; }
  /// Whether there are istiods at all.
  [[nodiscard]] bool has_any() const { return !istiods_.empty(); }
  [[nodiscard]] std::int64_t now() const { return now_; }

 private:
  std::vector<IstiodView> istiods_;
  std::int64_t now_;
  Reach reach_;
  bool whole_;
  std::unordered_map<std::string, Connection> by_pod_;  // NAMESPACE/NAME
};

/// Proxies answer a push within seconds: one that is not acknowledged after so many is stuck.
inline constexpr std::int64_t kPushGrace = 15;

/// The istiods to ask, by name. Reads Pod.
std::vector<IstiodView> running_istiods(const Model& model);

/// A proxy that does not have the configuration that it should have.
struct ProxyTrouble {
  enum class State : std::uint8_t {
    disconnected,  ///< no istiod knows it
    rejected,      ///< it refused its last configuration
    stale,         ///< it has not acknowledged its last configuration
  };
  std::string name_space{};
  std::string pod{};
  std::string revision{};  ///< that made it
  State state = State::disconnected;
  std::string istiod{};                 ///< the pod; empty when it is disconnected
  std::vector<std::string> types{};     ///< of configuration, as in CDS
  std::optional<std::int64_t> since{};  ///< seconds since 1970: the oldest such push, or the start
  std::string error{};                  ///< in the proxy's words
};

/// What is wrong with the proxy of a pod, if anything is. A proxy that has just started, and a push
/// that is just on its way, are not wrong yet.
std::optional<ProxyTrouble> trouble_of(const ProxyView& view, const Object& pod);

}  // namespace aksmesh::checks
