// SPDX-License-Identifier: Apache-2.0
#include "cluster_credentials.hpp"

#include "azure/credentials_of_cluster.hpp"
#include "azure_session.hpp"

namespace aksmesh::commands {

void declare_from_azure(OptionSet& set, KubeOptions& options) {
  set.flag("--from-azure", options.from_azure)
      .help("Take the credentials of the cluster from Azure, without writing them to a file")
      .group("Kubernetes");
}

Status take_credentials(const ClusterOptions& cluster, KubeOptions& options,
                        const Context& context) {
  if (!options.from_azure) return Done{};
  for (const auto& [name, value] :
       {std::pair("--context", &options.context), std::pair("--kubeconfig", &options.kubeconfig),
        std::pair("--snapshot", &options.snapshot)})
    if (!value->empty())
      return Error{.kind = ErrorKind::usage,
                   .what = std::string("--from-azure and ") + name + " exclude each other",
                   .why = "both say which cluster is read"};
  AK_TRY(const auto session, AzureSession::open(cluster, context));
  AK_TRY(const auto id, session->cluster(cluster));
  AK_TRY(options.credentials, azure::get_kubeconfig(session->arm(), id, {}));
  return Done{};
}

}  // namespace aksmesh::commands
