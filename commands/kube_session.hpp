// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "context.hpp"
#include "kube/live_objects.hpp"
#include "mesh/snapshot.hpp"
#include "network.hpp"
#include "option_set.hpp"

namespace aksmesh::commands {

/// Which API server, and how it is talked to; or a snapshot in its place.
struct KubeOptions {
  std::string kubeconfig{};
  std::string context{};
  std::string snapshot{};
  bool from_azure = false;
  Secret credentials{};  ///< a kubeconfig that is kept in memory; empty: the file counts
  NetworkOptions network{};
};
void declare_kube_options(OptionSet& set, KubeOptions& options);
/// Without those of the network, for commands that have them from elsewhere.
void declare_kube_target(OptionSet& set, KubeOptions& options);
void declare_snapshot(OptionSet& set, KubeOptions& options);
/// Of commands that ask the istiods too.
void declare_no_proxies(OptionSet& set, bool& target);
/// All of them, for commands that only read: a snapshot will do.
void declare_cluster_source(OptionSet& set, KubeOptions& options);

/// One run's connection with a cluster, or the picture of one.
class KubeSession {
 public:
  /// Nothing is sent yet. Kind usage when the options and the kubeconfig lead to no cluster, or to
  /// no snapshot.
  static Result<KubeSession> open(const KubeOptions& options, const Context& context);

  /// The same on connections that are set up already, which it then shares.
  static Result<KubeSession> open_on(const KubeOptions& options, const Context& context);

  /// Makes the connections ready anew, when those with somebody else have taken their place; the
  /// sign-in stays.
  Status take_up(const NetworkOptions& options);

  /// kube::read_live_objects, with something to see while it takes.
  Result<kube::LiveObjects> read(kube::Reading reading);
  /// kube::Client::write, likewise; not for a snapshot.
  Result<std::string> write(const kube::Write& wish, const std::string& goal);
  /// The kinds in some namespaces alone, those that belong to none as a whole; not of a snapshot.
  Result<kube::LiveObjects> read_in(const std::vector<std::string>& namespaces,
                                    const kube::KindSet& kinds);
  /// The picture in the place of a cluster; null for a cluster.
  [[nodiscard]] const mesh::Snapshot* snapshot() const { return snapshot_ ? &*snapshot_ : nullptr; }
  /// Null for a snapshot.
  [[nodiscard]] kube::Client* client() const { return client_.get(); }
  /// The host of the API server; empty for a snapshot.
  [[nodiscard]] std::string host() const;
  /// `context prod`, for people.
  [[nodiscard]] std::string name() const;
  /// The namespace that the context names; of a snapshot `default`.
  [[nodiscard]] std::string name_space() const {
    return client_ == nullptr ? "default" : client_->access().name_space;
  }

 private:
  explicit KubeSession(const Context& context) : context_(&context) {}

  static Result<KubeSession> open_snapshot(const KubeOptions& options, const Context& context);

  const Context* context_;
  std::string snapshot_file_{};
  std::optional<mesh::Snapshot> snapshot_{};  // in the place of trace and client
  std::unique_ptr<net::Trace> trace_;
  std::unique_ptr<kube::Client> client_;
};

}  // namespace aksmesh::commands
