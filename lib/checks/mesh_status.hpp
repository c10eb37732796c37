// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checks/check.hpp"
#include "checks/proxy_view.hpp"
#include "checks/replicas.hpp"
#include "checks/stale_proxies.hpp"
#include "mesh/support_end.hpp"

namespace aksmesh::checks {

/// A revision of the control plane: installed, or named by a namespace or a proxy.
struct RevisionStatus {
  std::string name{};
  std::optional<Replicas> istiod{};        ///< nothing when it is not installed
  std::string version{};                   ///< the tag of istiod's image
  std::vector<std::string> tags{};         ///< revision tags that lead to it
  std::size_t namespaces = 0;              ///< labelled with it or one of its tags
  std::size_t proxies = 0;                 ///< sidecars and gateways that it made
  std::optional<std::size_t> connected{};  ///< proxies that its istiods have; nothing: not known
  std::optional<mesh::SupportEnd> support{};
  bool support_is_expected = false;  ///< the table did not know the end for sure
};

/// A gateway: one of the add-on, or one made for a Gateway of the Gateway API.
struct GatewayStatus {
  std::string name_space{};
  std::string name{};  ///< of its Service
  std::string revision{};
  Replicas pods{};
  std::vector<std::string> addresses{};
};

/// A namespace with sidecars, or with a label that asks for them.
struct NamespaceStatus {
  std::string name{};
  std::string label{};     ///< of istio.io/rev: a revision or a tag
  std::string revision{};  ///< what the label comes to; empty when nothing installed answers to it
  bool known = true;       ///< whether that, and with it what is stale, can be told
  bool sees_pods = true;   ///< whether its pods were read; if not, no number here is known
  std::size_t meshed = 0;
  std::size_t unmeshed = 0;      ///< pods without a sidecar that do not stay outside on purpose
  std::size_t stale = 0;         ///< sidecars that a new pod would not get
  std::size_t disconnected = 0;  ///< sidecars that no istiod knows
  std::size_t rejected = 0;      ///< sidecars that refused their last configuration
  std::size_t unsynced = 0;      ///< sidecars that have not acknowledged theirs
};

/// How the mesh of a cluster stands, as its objects tell.
struct MeshStatus {
  std::vector<RevisionStatus> revisions{};    ///< ascending
  std::vector<GatewayStatus> gateways{};      ///< by namespace, name and revision
  std::vector<NamespaceStatus> namespaces{};  ///< by name
  std::vector<ProxyTrouble> proxies{};  ///< sidecars and gateways in trouble, by namespace and name
  std::vector<StaleProxy> stale{};      ///< sidecars and gateways, in the order of the pods
  bool asked_istiods = false;           ///< whether anything is said of connections
  bool asked_all_istiods = false;       ///< whether all that is not connected is known
  std::size_t others = 0;               ///< namespaces of applications that the mesh has no part in
  /// Kinds that could not be listed: what rests on them is not known, whatever stands here.
  KindSet unseen{};
  /// The namespaces whose objects alone were read; empty when those of all were.
  std::vector<std::string> only_in{};
  [[nodiscard]] bool sees(Kind kind) const { return !unseen.has(kind); }
  /// Likewise, in every namespace: what is counted of all of them can be told.
  [[nodiscard]] bool sees_all(Kind kind) const { return sees(kind) && only_in.empty(); }
};

inline constexpr KindSet kStatusKinds =
    kRevisionKinds | KindSet{Kind::name_space, Kind::pod, Kind::service, Kind::config_map};

/// `view` is what the istiods say; null: they were not asked.
MeshStatus mesh_status(const Model& model, const ProxyView* view);

}  // namespace aksmesh::checks
