// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "checks/proxy_view.hpp"
#include "kube/pod_http.hpp"
#include "kube_session.hpp"

namespace aksmesh::commands {

/// Asks the istiods of the cluster of a session, or those of its snapshot, as often as it is asked
/// to.
class IstiodAsker {
 public:
  /// An istiod may take `patience` milliseconds; 0: the usual time.
  IstiodAsker(KubeSession& session, std::int64_t patience, const Context& context);
  /// What each istiod answers when it is asked for its proxies, as JSON, or why that is of no use.
  std::vector<Result<std::string>> ask(const std::vector<checks::IstiodView>& istiods);
  /// What the istiods of a model tell, or those of a revision alone; those that tell nothing are
  /// added to the list, with why. Kind cancelled alone ends it.
  Result<std::unique_ptr<checks::ProxyView>> view(const mesh::Model& model,
                                                  std::vector<report::UnavailablePart>& unavailable,
                                                  std::string_view revision = {});
  /// What kept an istiod from answering when they were asked last, when that may pass.
  [[nodiscard]] const std::optional<Error>& hiccup() const { return hiccup_; }
  /// Seconds since 1970; of a snapshot when it was made.
  [[nodiscard]] std::int64_t now() const { return now_ms() / 1000; }
  /// The same in milliseconds.
  [[nodiscard]] std::int64_t now_ms() const;

 private:
  KubeSession& session_;
  std::int64_t patience_;
  const Context& context_;
  std::unique_ptr<kube::PodHttp> pods_;  ///< null until somebody has to be asked
  std::optional<Error> hiccup_{};
  bool has_asked_ = false;
};

}  // namespace aksmesh::commands
