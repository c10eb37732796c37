// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "state.hpp"

namespace aksmesh::sim {

/// Answers requests of all connections, one after the other.
class Simulator {
 public:
  Simulator(Scenario scenario, std::string endpoint);
  Response handle(const Request& request);

 private:
  Response carry_out(const Request& request, Effect& effect);
  void record(const Request& request, const Response& response);

  std::mutex mutex_{};
  State state_{};
};

/// The control interface below /sim, in control.cpp.
Response answer_control(State& state, const Request& request);

}  // namespace aksmesh::sim
