// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "azure/preconditions.hpp"
#include "base/version_number.hpp"
#include "kube_session.hpp"

namespace aksmesh::commands {

/// What is looked for in a cluster before it is changed through Azure.
struct ClusterLook {
  struct Question {
    std::string slug{};    ///< of the rule
    std::string unseen{};  ///< what is not known when nobody can look
    bool warning = false;  ///< does not stop the change
  };
  std::vector<Question> questions{};
  /// What becomes of a question that nobody could answer.
  enum class Unseen { stops, warns } unseen = Unseen::stops;
  std::optional<VersionNumber> leaving{};  ///< the revision that the change removes
};

/// Looks into the cluster of the kubeconfig, on connections that are set up. Where it cannot be
/// read, or is not the cluster that is meant, the questions become unseen obstacles; a context that
/// was named and is another cluster is an error.
Result<azure::Obstacles> look_into_cluster(const ClusterLook& look, const KubeOptions& options,
                                           const azure::ManagedCluster& cluster,
                                           const Context& context);

/// Whether an API server is that of a cluster; true also when Azure does not tell its name.
bool is_api_server_of(const azure::ManagedCluster& cluster, const std::string& host);

}  // namespace aksmesh::commands
