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

/// That the API server of a session is that of a cluster, as far as Azure tells its name; else kind
/// usage.
Status require_same_cluster(const azure::ManagedCluster& cluster, const KubeSession& session);

}  // namespace aksmesh::commands
