// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kube/pod_question.hpp"

// What an istiod tells of the proxies that are connected with it, in its debug page syncz.
namespace aksmesh::istio {

/// How a proxy stands with one type of configuration.
struct TypeSync {
  enum class State : std::uint8_t {
    synced,
    stale,     ///< the last push is not acknowledged
    rejected,  ///< the proxy refused the last push
    not_sent,  ///< asked for, and nothing was sent yet
    ignored,   ///< not asked for
    not_told,  ///< not sent or ignored: istiod up to 1.22 does not tell which
  };
  std::string name{};  ///< as in CDS; the type's URL where there is no such name
  State state = State::not_told;
  bool never_acknowledged = false;        ///< nothing at all of what was sent
  std::optional<std::int64_t> sent_ms{};  ///< of the last push, milliseconds since 1970
  std::string error{};                    ///< in the proxy's words
};
/// What the order of types in tables goes by: the URL of a type by its name here.
std::string_view type_url(std::string_view name);

/// One proxy, as the istiod that it is connected with sees it.
struct ProxySync {
  std::string name{};  ///< of the pod
  std::string name_space{};
  std::string cluster{};
  std::string type{};  ///< sidecar, router, waypoint; empty: not told
  std::string version{};
  /// CDS, LDS, EDS, RDS and ECDS always, then what else the proxy asks for, by the URL.
  std::vector<TypeSync> types{};
  [[nodiscard]] bool has(TypeSync::State state) const;
  /// Null for a type that is not told of.
  [[nodiscard]] const TypeSync* type_named(std::string_view short_name) const;
};

/// Reads the answer of /debug/syncz, as istiod has given it up to 1.22 and since. Sessions of
/// istioctl are left out. Kind bad_data for anything else.
Result<std::vector<ProxySync>> read_sync_status(std::string json);

/// Asks the istiod of a pod for one of its debug pages, `/debug/...`. `port` is as its pod tells;
/// empty: the usual one.
kube::PodQuestion debug_question(std::string_view name_space, std::string_view pod,
                                 std::string_view port, const std::string& path);
/// Asks the istiod of a pod for that. The page is read-only.
kube::PodQuestion sync_question(std::string_view name_space, std::string_view pod,
                                std::string_view port);

}  // namespace aksmesh::istio
