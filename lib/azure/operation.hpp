// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "azure/arm.hpp"
#include "azure/managed_cluster.hpp"
#include "azure/service_error.hpp"
#include "sys/clock.hpp"
#include "sys/progress.hpp"

namespace aksmesh::azure {

/// How an accepted change is followed.
struct Operation {
  enum class Style {
    status,    ///< Azure-AsyncOperation: a status document
    location,  ///< Location: 202 until it is done
    resource   ///< neither: the cluster's own provisioningState
  };
  Style style = Style::resource;
  std::string link{};  ///< signed: never shown
  std::string id{};    ///< the last part of the link's path, for people and support
};
/// From the answer to the change. The newest link counts.
Operation operation_of(const net::Response& response);

/// What one look at an operation told.
struct OperationState {
  /// `lost`: the status cannot be read, and the cluster has to be asked instead.
  enum class Word { running, succeeded, failed, canceled, lost };
  Word word = Word::running;
  std::string said{};  ///< the service's own word, such as ReconcilingDNS
  int percent = -1;    ///< -1: not told
  ServiceError error{};
};
/// `error` members mean nothing while it runs or when it succeeded; only `status` decides.
OperationState state_of(Operation::Style style, const net::Response& response);

struct Following {
  sys::Clock& clock;
  sys::Progress& progress;
  std::string goal{};         ///< completes "cannot ..."
  std::string waiting_for{};  ///< such as `enabling the mesh`
  std::string how_to_follow{"aksmesh wait"};
  std::int64_t deadline = 0;  ///< steady milliseconds; 0: none
};

/// Waits for the end of an operation and then for the cluster itself, and reads it. Errors: server
/// when it failed (with what the service says), timeout and cancelled when only the waiting ended.
Result<ManagedCluster> follow(Arm& arm, const ClusterId& cluster, Operation operation,
                              const Following& how);

/// Reads a cluster.
Result<ManagedCluster> get_cluster(Arm& arm, const ClusterId& cluster);

}  // namespace aksmesh::azure
