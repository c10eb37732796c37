// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/tree.hpp"

// How the `metrics` of Telemetry objects add up (istio.io, "Telemetry" reference; 1.28).
namespace aksmesh::mesh {

/// What is changed of the metrics of one provider.
struct MetricsOverrides {
  struct Metric {
    bool is_disabled = false;
    std::map<std::string, std::string> tags{};  ///< the expression; `removed`
    bool operator==(const Metric&) const = default;
  };
  std::map<std::string, Metric> metrics{};  ///< by name
  bool none_left = false;                   ///< every metric is disabled

  /// For people: `REQUEST_COUNT` `disabled`; `ALL_METRICS` for what all of Istio's have in common.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> details() const;
};

/// By provider, of the entries of all objects from the widest to the narrowest. `side` is the word
/// of the API.
std::map<std::string, MetricsOverrides> merge_metrics(const std::vector<data::Node>& entries,
                                                      const std::vector<std::string>& defaults,
                                                      std::string_view side);

}  // namespace aksmesh::mesh
