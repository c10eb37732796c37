// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "faults.hpp"
#include "http.hpp"
#include "scenario.hpp"
#include "throttle.hpp"

namespace aksmesh::sim {

using Clock = std::chrono::steady_clock;

struct Operation {
  std::string id{};
  std::string status = "InProgress";  ///< a final word once it has ended
  Clock::time_point begun{};
  Clock::time_point ends{};
  std::string start_time{};
  std::string end_time{};
  bool hangs = false;
  bool fails = false;
  bool note = false;
  Json error{};

  [[nodiscard]] bool running() const { return status == "InProgress"; }
};

struct Cluster {
  std::string group{};
  std::string name{};
  Json body{};
  std::string kubeconfig{};                   ///< given by the scenario; empty: a made-up one
  std::map<std::string, Json> past_images{};  ///< of a pool: the node images it had before
  std::shared_ptr<Operation> operation{};
  Clock::time_point lag_ends{};

  [[nodiscard]] bool busy() const { return operation && operation->running(); }
};

struct Token {
  Clock::time_point expires{};
  std::string expires_text{};
  std::string audience{};
  std::string tenant{};
};

/// Everything the simulator knows. Used by one request at a time.
struct State {
  Scenario scenario{};
  std::string endpoint{};
  std::vector<Cluster> clusters{};
  std::map<std::string, std::shared_ptr<Operation>> operations{};
  std::map<std::string, Token> tokens{};
  std::map<std::string, int> device_codes{};  ///< polls that are still told to wait
  Faults faults{};
  Throttle throttle{};
  Json journal = Json::array();
  std::uint64_t serial = 0;

  void reset();
  Cluster* cluster(const std::string& group, const std::string& name);
  Cluster* cluster_named(const std::string& name);
  [[nodiscard]] bool has_group(const std::string& group) const;
  std::string next_id();
  /// Ends the operations whose time has come. The lag of a cluster begins when somebody who polls
  /// is told of the end, so that it is always seen; without one, with the end.
  void settle(bool polled);
  std::shared_ptr<Operation> start_operation(Cluster& cluster, const Effect& effect);
  void end_operation(Cluster& cluster, const std::string& status);
  /// New ETags of the cluster and its pools, and who wrote last.
  void touch(Cluster& cluster);
  /// Only the pool of that name gets a new ETag.
  void touch_pool(Cluster& cluster, const std::string& pool);
  void event(Json entry);
};

/// Such as 2026-04-21T18:15:49Z.
std::string utc_now(int seconds_from_now = 0);

}  // namespace aksmesh::sim
