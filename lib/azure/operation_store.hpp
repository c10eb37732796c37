// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "azure/cluster_id.hpp"
#include "azure/operation.hpp"
#include "sys/environment.hpp"
#include "sys/files.hpp"

namespace aksmesh::azure {

/// Remembers the running operation of each cluster over runs, so that one that was cut off can be
/// followed again by its own link. The link is signed, so the files are for their owner alone.
/// Failures to read or write are no failures of a command: the cluster itself tells almost as much.
class OperationStore {
 public:
  /// What is remembered of a cluster.
  struct Record {
    Operation operation{};  ///< style resource: no link is known
    std::string doing{};    ///< the change that began it, as its command words it; may be empty
  };

  /// Below $XDG_STATE_HOME or ~/.local/state; without either nothing is remembered.
  OperationStore(sys::Files& files, const sys::Environment& env);

  /// Instead of what was remembered before. Kept before a change is sent too, still without a
  /// link: a run that is killed then has left a trace.
  void keep(const ClusterId& cluster, const Record& record);
  /// An empty record when nothing is remembered.
  [[nodiscard]] Record find(const ClusterId& cluster) const;
  void forget(const ClusterId& cluster);

 private:
  [[nodiscard]] std::string path_of(const ClusterId& cluster) const;

  sys::Files& files_;
  std::string directory_;
};

/// As follow(), and forgets the operation unless it goes on when only the waiting has ended.
Result<ManagedCluster> follow(Arm& arm, const ClusterId& cluster, const Operation& operation,
                              const Following& how, OperationStore& store);

struct Resumed {
  ManagedCluster cluster;
  /// How the remembered operation failed, when a later one has succeeded: for people.
  std::string earlier{};
};
/// As follow(), for an operation of an earlier run: its failure means nothing any more when the
/// cluster has come through another operation since.
Result<Resumed> resume(Arm& arm, const ClusterId& cluster, const Operation& operation,
                       const Following& how, OperationStore& store);

}  // namespace aksmesh::azure
