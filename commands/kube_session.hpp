// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "context.hpp"
#include "kube/live_objects.hpp"
#include "network.hpp"
#include "option_set.hpp"

namespace aksmesh::commands {

/// Which API server, and how it is talked to.
struct KubeOptions {
  std::string kubeconfig{};
  std::string context{};
  NetworkOptions network{};
};
void declare_kube_options(OptionSet& set, KubeOptions& options);

/// One run's connection with a cluster.
class KubeSession {
 public:
  /// Nothing is sent yet. Kind usage when the options and the kubeconfig lead to no cluster.
  static Result<KubeSession> open(const KubeOptions& options, const Context& context);

  /// kube::read_live_objects, with something to see while it takes.
  Result<kube::LiveObjects> read(const kube::KindSet& kinds, const std::string& name_space,
                                 const std::string& cluster);
  /// `context prod`, for people.
  [[nodiscard]] std::string name() const;

 private:
  explicit KubeSession(const Context& context) : context_(&context) {}

  const Context* context_;
  std::unique_ptr<net::Trace> trace_;
  std::unique_ptr<kube::Client> client_;
};

}  // namespace aksmesh::commands
