// SPDX-License-Identifier: Apache-2.0
#include "kube_session.hpp"

namespace aksmesh::commands {

void declare_kube_options(OptionSet& set, KubeOptions& options) {
  constexpr const char* kGroup = "Kubernetes";
  set.value("--context", options.context, "NAME")
      .help("Context of the kubeconfig")
      .group(kGroup)
      .aim()
      .env("AKSMESH_CONTEXT");
  set.value("--kubeconfig", options.kubeconfig, "FILE")
      .help("The kubeconfig; default: that of KUBECONFIG, else ~/.kube/config")
      .complete(Complete::files)
      .group(kGroup)
      .aim();
  declare_network_options(set, options.network);
}

Result<KubeSession> KubeSession::open(const KubeOptions& options, const Context& context) {
  AK_TRY(const auto config, kube::Kubeconfig::load(context.files, context.env, options.kubeconfig));
  AK_TRY(auto access, config.access(context.files, context.env, options.context));
  KubeSession out(context);
  AK_TRY(out.trace_, set_up_network(options.network, context));
  out.client_ = std::make_unique<kube::Client>(std::move(access), context.http, context.files,
                                               context.process, context.clock, context.progress);
  return out;
}

Result<kube::LiveObjects> KubeSession::read(const kube::KindSet& kinds,
                                            const std::string& name_space,
                                            const std::string& cluster) {
  context_->progress.waiting("reading the objects of " + name());
  auto out = kube::read_live_objects(*client_, kinds, name_space, cluster);
  context_->progress.end();
  return out;
}

std::string KubeSession::name() const {
  const auto& context = client_->access().context;
  return context.empty() ? "the cluster that this runs in" : "context " + context;
}

}  // namespace aksmesh::commands
