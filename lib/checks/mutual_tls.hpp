// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checks/check.hpp"
#include "checks/sidecars.hpp"
#include "mesh/destination_rules.hpp"
#include "mesh/peer_authentication.hpp"

// The two sides of a connection: what a DestinationRule sends and what the workloads behind its
// host accept.
namespace aksmesh::checks {

/// One `tls` of a DestinationRule.
struct ClientTls {
  std::string_view mode{};
  Node place{};      ///< the mode, or the settings that leave it out
  Node only_port{};  ///< number of the port that it is for; absent: all others
  std::vector<std::int64_t> other_ports{};  ///< ports that have settings of their own
  mesh::Labels subset{};                    ///< labels of the pods that it is for
  [[nodiscard]] bool is_for(std::int64_t service_port) const;
};
/// Those of the rule and of its subsets, each with its ports.
std::vector<ClientTls> client_tls(const Object& destination_rule);

inline constexpr KindSet kMutualTlsKinds =
    kPodKinds | kHostKinds | kMeshConfigKinds |
    KindSet{Kind::destination_rule, Kind::peer_authentication, Kind::name_space};

/// A port of a pod behind a host.
struct Server {
  const Object* pods = nullptr;
  Meshed sidecar = Meshed::unknown;
  mesh::MutualTlsSetting accepts{};
  std::int64_t port = 0;
};

/// True for modes in which the proxy of a caller shows no certificate of the mesh.
bool shows_no_identity(std::string_view mode);
/// Whether a server turns callers away that show none, and whether it may where its sidecar is not
/// known.
bool refuses_plain_text(const Server& server);
bool may_refuse_plain_text(const Server& server);
/// Whether nothing at a server speaks mutual TLS.
bool cannot_answer_mutual_tls(const Server& server);

/// Declare kMutualTlsKinds.
class Servers {
 public:
  using Question = bool (*)(const Server&);

  explicit Servers(const Facts& facts);

  /// A server that a setting of a rule is used for and of which the answer is yes. Gateways and
  /// ports past the sidecar are left out, and under a wildcard those that other rules are nearer
  /// to.
  [[nodiscard]] std::optional<Server> first(const Object& rule, const ClientTls& tls,
                                            Question question) const;
  /// The mode of the namespace when that is all that is known of the servers: the input holds the
  /// Service, and none of the pods.
  [[nodiscard]] std::optional<mesh::MutualTlsSetting> without_pods(const Object& rule) const;

 private:
  /// The Service that a DestinationRule is for; null for hosts of other sorts and missing ones.
  [[nodiscard]] const Object* service_of(const Object& rule) const;
  [[nodiscard]] const std::vector<const Object*>& services_under(std::string_view wildcard) const;
  [[nodiscard]] std::optional<Server> behind(const Object& service, const ClientTls& tls,
                                             Question question) const;

  const Facts& facts_;
  mesh::PeerAuthentications policies_;
  mesh::DestinationRules rules_;
  std::unordered_map<std::string_view, std::vector<const Object*>> services_;  ///< by namespace
  /// What wildcards lead to is looked for once.
  mutable std::map<std::pair<Question, std::string>, std::optional<Server>> known_;
};

/// `PeerAuthentication ns/name`, or what holds without any.
std::string source_text(const mesh::MutualTlsSetting& setting);

}  // namespace aksmesh::checks
