// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "http.hpp"

namespace aksmesh::sim {

/// The service's own limits: a bucket of requests for each kind and scope that fills again with
/// time.
class Throttle {
 public:
  using Clock = std::chrono::steady_clock;
  /// The refusal when the bucket of the request is empty; else takes one out of it.
  std::optional<Response> take(const Request& request, Clock::time_point now);

 private:
  struct Bucket {
    double left = 0;
    Clock::time_point seen{};
  };
  std::map<std::string, Bucket> buckets_{};
};

}  // namespace aksmesh::sim
