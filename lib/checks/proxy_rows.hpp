// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "checks/proxy_view.hpp"

// Every proxy of a cluster, and how it stands as a whole.
namespace aksmesh::checks {

/// The worst of its types of configuration, or that there is no connection.
enum class ProxyState : std::uint8_t {
  error,         ///< it refused its last configuration
  stale,         ///< it has not acknowledged its last configuration
  not_sent,      ///< it asks for something that was never sent
  synced,        ///< it has all that it asked for
  disconnected,  ///< no istiod knows it
};
/// `error`, `stale`, `not-sent`, `synced` or `disconnected`.
std::string_view word_of(ProxyState state);

struct ProxyRow {
  std::string name{};  ///< of the pod
  std::string name_space{};
  std::string revision{};  ///< of its istiod; of a disconnected one that which injected it
  std::string version{};   ///< as istiod tells it; of a disconnected one the tag of its image
  ProxyState state = ProxyState::synced;
  const istio::ProxySync* sync = nullptr;   ///< null when it is disconnected
  const IstiodView* istiod = nullptr;       ///< likewise
  const Object* pod = nullptr;              ///< null where the pod is not in the input
  std::optional<std::int64_t> pushed_ms{};  ///< the newest push of any type
  [[nodiscard]] std::string id() const { return name + '.' + name_space; }
};

/// By NAME.NAMESPACE, then by istiod: one that has just changed over is with two. Reads Pod; the
/// model and the view must outlive the rows.
std::vector<ProxyRow> proxy_rows(const Model& model, const ProxyView& view);

/// Whether something is wrong with it that will not pass within seconds. `now_ms` is in
/// milliseconds since 1970.
bool is_in_trouble(const ProxyRow& row, std::int64_t now_ms);

/// How many there are of a revision, version and state.
using ProxyCounts = std::map<std::tuple<std::string, std::string, ProxyState>, std::size_t>;
ProxyCounts counts_of(const std::vector<ProxyRow>& rows);

}  // namespace aksmesh::checks
