// SPDX-License-Identifier: Apache-2.0
#include "kube/current_cluster.hpp"

#include "kube/kubeconfig.hpp"

namespace aksmesh::kube {

Result<std::optional<CurrentCluster>> current_cluster(sys::Files& files,
                                                      const sys::Environment& env) {
  AK_TRY(const auto config, Kubeconfig::load(files, env, {}));
  const auto& context = config.current_context();
  if (context.empty()) return std::optional<CurrentCluster>();
  auto host = host_of(config.server(context));
  if (host.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "the kubeconfig's current context is of no use",
                 .why = context + " leads to no server"};
  return std::optional(CurrentCluster{.context = context, .host = std::move(host)});
}

}  // namespace aksmesh::kube
