// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "checks/proxy_view.hpp"
#include "checks/runner.hpp"
#include "command.hpp"
#include "kube/pod_http.hpp"
#include "kube/watch.hpp"
#include "kube_session.hpp"
#include "status_outcome.hpp"

namespace aksmesh::commands {

/// Reads how the mesh of a cluster stands, as often as it is asked to.
class StatusReader {
 public:
  enum class Istiods { asked, left_alone };
  /// `patience` is how long an istiod may take to answer, in milliseconds; 0: the usual time.
  StatusReader(KubeSession session, mesh::Policy policy, Istiods istiods, std::int64_t patience,
               const Context& context);
  StatusReader(const StatusReader&) = delete;
  StatusReader& operator=(const StatusReader&) = delete;

  Result<std::unique_ptr<StatusOutcome>> read();
  /// From now on read() gives the first of many results, next() the others, as the cluster changes.
  void follow() { follows_ = true; }
  /// Waits for a result that says something else.
  Result<std::unique_ptr<StatusOutcome>> next();

 private:
  Result<std::unique_ptr<StatusOutcome>> read(kube::LiveObjects live);
  /// What the istiods say; what could not be asked is told in `unavailable`.
  Result<std::unique_ptr<checks::ProxyView>> ask(const mesh::Model& model,
                                                 std::vector<report::UnavailablePart>& unavailable);

  KubeSession session_;
  mesh::Policy policy_;
  Istiods istiods_;
  std::int64_t patience_;
  const Context& context_;
  checks::Selection conditions_;
  std::unique_ptr<kube::PodHttp> pods_;  ///< null for a snapshot, which no pods answer in
  bool follows_ = false;
  std::unique_ptr<kube::Watch> watch_{};
  std::string shown_{};  ///< the result that was given last, as JSON
};

}  // namespace aksmesh::commands
