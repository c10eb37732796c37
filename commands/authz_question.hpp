// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "authz_world.hpp"
#include "injection_reading.hpp"
#include "mesh/authz_eval.hpp"
#include "mesh/mesh_settings.hpp"
#include "mesh/peer_authentication.hpp"

namespace aksmesh::commands {

/// What was typed behind `authz can`.
struct AuthzOptions {
  std::string source{};
  std::string destination{};
  std::string port{};
  std::string protocol{};
  std::string method{};
  std::string path{};
  std::string host{};
  std::string source_ip{};
  std::string remote_ip{};
  std::string sni{};
  std::vector<std::string> headers{};
  std::vector<std::string> claims{};
  bool plaintext = false;
  std::vector<std::string> files{};
  bool live = false;
  std::string name_space{};
  KubeOptions kube{};
};

/// What becomes of the request at one workload, or several that the same policies are for.
struct AuthzCase {
  Peer destination{};
  std::size_t pods = 1;
  mesh::AuthzRequest request{};
  mesh::MutualTlsSetting mtls{};
  bool mtls_known = true;  ///< false: the mode may be another
  bool tokens_known =
      true;              ///< all RequestAuthentications that count could be read, or none matters
  std::string unread{};  ///< kind of policies that may count and could not be read
  mesh::Meshed proxy = mesh::Meshed::yes;
  mesh::AuthzAnswer answer{};
};

/// A request that was typed, resolved against a mesh.
class AuthzQuestion {
 public:
  AuthzQuestion(const AuthzOptions& options, std::string own) : o_(options), own_(std::move(own)) {}

  /// What the options say by themselves. Kind usage.
  Status parse();
  /// The namespaces that matter; empty: all, for the caller's address may be that of any pod.
  [[nodiscard]] std::vector<std::string> namespaces() const;
  Result<std::vector<AuthzCase>> ask(const mesh::Model& model);

  [[nodiscard]] const std::string& caller() const { return caller_; }
  [[nodiscard]] const std::vector<std::string>& assumed() const { return assumed_; }

 private:
  Status find_caller(const mesh::Model& model);
  Status find_port(const Found& found, AuthzCase& one);
  void find_protocol(const mesh::Model& model, const Found& found, AuthzCase& one);
  void find_unread(const mesh::Model& model, AuthzCase& one) const;
  void add_http(const mesh::MeshSettings& settings, AuthzCase& one);
  void add_addresses(const mesh::Model& model, const Found& found,
                     const mesh::MeshSettings& settings, AuthzCase& one);
  void add_identity(const mesh::Model& model, const mesh::MeshSettings& settings, AuthzCase& one);
  mesh::Attribute principal_of_peers(const mesh::Model& model, const std::string& trust_domain);
  /// What the tokens of the request come to; why it is refused for them, if it is.
  std::string add_claims(const mesh::Model& model, const mesh::AuthzTarget& target, AuthzCase& one);
  void judge(const mesh::Model& model, const mesh::MeshSettings& settings, AuthzCase& one);
  /// What ends a connection before any policy, or leads it past all of them.
  static void overrule(const mesh::MeshSettings& settings, const std::string& refused,
                       AuthzCase& one);
  /// Why a sidecar refuses the connection itself; empty: it does not.
  static std::string refusal(const mesh::MeshSettings& settings, const AuthzCase& one);
  /// Takes back a verdict that rests on what is not known.
  static void doubt(const mesh::MeshSettings& settings, AuthzCase& one);
  /// Of the revision of a proxy.
  const mesh::MeshSettings& settings_of(const mesh::Model& model, const std::string& revision);
  void assume(std::string text);

  const AuthzOptions& o_;
  std::string own_;
  kube::PodWord destination_{};
  std::optional<kube::PodWord> source_{};
  std::string identity_{};  ///< that was typed
  std::string address_{};   ///< likewise
  std::vector<std::pair<std::string, std::string>> headers_{};
  std::vector<std::pair<std::string, std::string>> claims_{};
  std::vector<Peer> peers_{};  ///< who calls, when it is a workload: any of them
  std::map<std::string, mesh::MeshSettings> settings_{};  ///< by revision
  std::optional<std::int64_t> service_port_{};
  std::string caller_{};
  std::vector<std::string> assumed_{};
};

}  // namespace aksmesh::commands
