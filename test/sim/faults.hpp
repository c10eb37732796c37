// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <regex>
#include <string>
#include <vector>

#include "http.hpp"

namespace aksmesh::sim {

/// What a fault does to one request.
struct Effect {
  bool applied = false;  ///< the request is carried out although its answer is replaced
  int delay_ms = 0;
  Cut cut = Cut::none;
  std::optional<Response> instead{};  ///< the answer that is given
  bool malformed = false;             ///< half of the JSON, with a whole length
  bool expire = false;                ///< every token that was given is expired from now on
  bool stale = false;                 ///< as if another writer had been first: 412
  bool hang = false;                  ///< the operation that starts never ends
  bool fail = false;                  ///< the operation that starts fails
  bool note = false;                  ///< it carries an error although it does not fail
  Json error{};
  Json change{};  ///< {cluster?, path, value}: another writer, just before this request
};

/// Scripted faults: which request, how often, and what happens then.
class Faults {
 public:
  Faults() = default;
  explicit Faults(const Json& list);
  /// The effect of the first fault that fits and is not used up; spends it.
  Effect take(const Request& request);
  [[nodiscard]] const Json& list() const { return list_; }

 private:
  struct Fault {
    std::string method{};
    std::regex path{};
    int skip = 0;
    int count = 1;  ///< -1: without end
    double probability = 1.0;
    std::mt19937_64 random{};
    Effect effect{};
  };
  Json list_ = Json::array();
  std::vector<Fault> faults_{};
};

}  // namespace aksmesh::sim
