// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "kube/watch.hpp"
#include "kube_session.hpp"

namespace aksmesh::commands {

/// The cluster of a session, or its picture, for commands that look at it more than once.
class LiveSource {
 public:
  /// Each look reads all, or the first one does and the others have what changes told.
  enum class How { read_anew, followed };
  LiveSource(KubeSession session, How how, const Context& context)
      : session_(std::move(session)), how_(how), context_(&context) {}

  [[nodiscard]] KubeSession& session() { return session_; }
  [[nodiscard]] const KubeSession& session() const { return session_; }
  /// As they stand now: of the kinds, in which namespace and of which cluster as in
  /// kube::read_live_objects; the same with every call.
  Result<kube::LiveObjects> objects(const kube::KindSet& kinds, const std::string& name_space,
                                    const std::string& cluster);
  /// What kept the last look from seeing all, when that may pass.
  [[nodiscard]] const std::optional<Error>& hiccup() const { return hiccup_; }
  /// Of what is followed: waits until something changes or the moment on the steady clock comes (0:
  /// there is none).
  Status wait(std::int64_t until);

 private:
  Result<kube::LiveObjects> read(const kube::KindSet& kinds, const std::string& name_space,
                                 const std::string& cluster);
  Status add_metrics(const std::string& cluster, kube::LiveObjects& out);

  KubeSession session_;
  How how_;
  const Context* context_;
  std::unique_ptr<kube::Watch> watch_{};
  std::optional<Error> hiccup_{};
};

}  // namespace aksmesh::commands
