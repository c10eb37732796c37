// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "context.hpp"
#include "kube/pod_lookup.hpp"
#include "kube_session.hpp"
#include "mesh/authz_eval.hpp"
#include "mesh/label_index.hpp"
#include "mesh/model.hpp"

// What of a mesh says who may call a workload.
namespace aksmesh::commands {

/// Reads policies, and what they are about, in some namespaces and in that of the add-on, or in
/// all when none is named; of a snapshot or of files everything. `files` go over the cluster's
/// objects; without a session they are all there is.
Result<std::unique_ptr<mesh::Model>> read_authz(KubeSession* session,
                                                std::vector<std::string> namespaces,
                                                const std::string& own,
                                                const std::vector<std::string>& files,
                                                const Context& context);

/// One workload that is called or calls: a pod, or the template of one.
struct Peer {
  const kube::Object* object = nullptr;
  data::Node metadata{};
  data::Node spec{};
  mesh::Labels labels{};
  [[nodiscard]] std::string name() const;  ///< `shop/catalog-v1-x`
  /// Of its certificate.
  [[nodiscard]] std::string principal(const std::string& trust_domain) const;
  /// A proxy that takes traffic from outside, not one beside an application.
  [[nodiscard]] bool is_gateway() const;
  [[nodiscard]] std::string revision() const;  ///< empty: not told
  [[nodiscard]] std::string address() const;   ///< empty: not told
};

/// What a word of the user's stands for.
struct Found {
  std::vector<Peer> peers{};
  const kube::Object* service = nullptr;  ///< null: it is no Service
};
/// The word's namespace must be told. Kind not_found when there is none, or no pod of it.
Result<Found> find_peers(const mesh::Model& model, const kube::PodWord& word);
/// The pod with an address, if there is one.
std::optional<Peer> find_by_address(const mesh::Model& model, const std::string& address);
/// `NAME`, `NAME.NAMESPACE`, `TYPE/NAME`, or the full name of a Service; `own` where it tells no
/// namespace.
Result<kube::PodWord> parse_peer_word(const std::string& typed, const std::string& own);

/// Whether a workload has a proxy that would see what is sent to it.
mesh::Meshed has_proxy(const mesh::Model& model, const Peer& peer);
/// Of each name the one that would be applied last.
std::vector<const kube::Object*> last_of_each(const mesh::Model& model, kube::Kind kind);
/// Whether policies of a kind that count in a namespace may not have been read.
bool may_lack_policies(const mesh::Model& model, kube::Kind kind, std::string_view name_space);
/// The policies that are for a workload, of each name the one that would be applied last.
std::vector<const kube::Object*> in_force(const mesh::Model& model, kube::Kind kind,
                                          const mesh::AuthzTarget& target);

}  // namespace aksmesh::commands
