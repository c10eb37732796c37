// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "command.hpp"
#include "istiod_answers.hpp"
#include "live_source.hpp"
#include "mesh/policy.hpp"
#include "status_outcome.hpp"

namespace aksmesh::commands {

/// What has to be read of a cluster to tell how its mesh stands.
kube::KindSet kinds_of_status();

/// What the objects of a cluster come to, and what its istiods say; null: they are left alone.
Result<MeshReading> read_mesh(kube::LiveObjects live, std::string place, const mesh::Policy& policy,
                              const Context& context, IstiodAsker* istiods = nullptr);

/// Reads how the mesh of a cluster stands, as often as it is asked to.
class StatusReader {
 public:
  enum class Istiods { asked, left_alone };
  /// `patience` is how long an istiod may take to answer, in milliseconds; 0: the usual time.
  StatusReader(LiveSource source, mesh::Policy policy, Istiods istiods, std::int64_t patience,
               const Context& context);
  StatusReader(const StatusReader&) = delete;
  StatusReader& operator=(const StatusReader&) = delete;

  Result<OutcomePtr> read();
  /// Of a source that is followed: waits until there may be something else to tell.
  Status wait();

 private:
  LiveSource source_;
  mesh::Policy policy_;
  bool asks_;
  const Context& context_;
  IstiodAsker asker_;
};

}  // namespace aksmesh::commands
