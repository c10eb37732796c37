// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "azure_options.hpp"
#include "kube_session.hpp"

namespace aksmesh::commands {

void declare_from_azure(OptionSet& set, KubeOptions& options);

/// With --from-azure, asks Azure for the kubeconfig of the cluster that the options mean and keeps
/// it in memory alone. The connections to Azure end with that.
Status take_credentials(const ClusterOptions& cluster, KubeOptions& options,
                        const Context& context);

}  // namespace aksmesh::commands
