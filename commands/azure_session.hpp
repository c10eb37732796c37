// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "azure/arm.hpp"
#include "azure/az_profile.hpp"
#include "azure/cluster_id.hpp"
#include "azure/managed_cluster.hpp"
#include "azure/managed_identity.hpp"
#include "azure/mesh_revisions.hpp"
#include "azure/token_cache.hpp"
#include "azure/token_source.hpp"
#include "azure_options.hpp"
#include "context.hpp"
#include "net/trace.hpp"

namespace aksmesh::commands {

/// One run's connection with Azure: settings, cloud, sign-in.
class AzureSession {
 public:
  static Result<std::unique_ptr<AzureSession>> open(const ClusterOptions& options,
                                                    const Context& context);

  [[nodiscard]] azure::Arm& arm() { return *arm_; }
  [[nodiscard]] const std::string& subscription() const { return subscription_; }
  /// Milliseconds on the steady clock; 0: none.
  [[nodiscard]] std::int64_t deadline() const { return context_.http.deadline(); }
  /// The cluster that the options mean, by id or by name; without a name that of the kubeconfig's
  /// current context, looked for in the subscription. Kind usage when they do not tell one.
  Result<azure::ClusterId> cluster(const ClusterOptions& options);

 private:
  explicit AzureSession(const Context& context);
  Result<azure::Cloud> choose_cloud(const AzureOptions& options);
  Status choose_subscription(const ClusterOptions& options);
  [[nodiscard]] Result<azure::IdentityWish> identity(const AzureOptions& options) const;
  Status sign_in(const AzureOptions& options);
  [[nodiscard]] bool means_id(const ClusterOptions& options) const;
  Result<azure::ClusterId> cluster_of_kubeconfig(const ClusterOptions& options);

  const Context& context_;
  std::unique_ptr<net::Trace> trace_;
  azure::AzProfile az_;
  azure::Cloud cloud_;
  std::unique_ptr<azure::TokenCache> cache_;
  std::unique_ptr<azure::TokenSource> tokens_;
  std::unique_ptr<azure::Arm> arm_;
  std::string subscription_;
};

/// Signs in and reads the cluster that the options mean, for commands that only show it.
Result<azure::ManagedCluster> read_cluster(const ClusterOptions& options, const Context& context);
/// What the cluster's own region offers.
Result<std::vector<azure::MeshRevision>> offered_revisions(AzureSession& session,
                                                           const azure::ManagedCluster& cluster);

}  // namespace aksmesh::commands
