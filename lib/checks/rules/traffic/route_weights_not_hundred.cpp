// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "checks/check.hpp"
#include "mesh/virtual_service.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::int64_t kPercent = 100;

/// True when somebody who wrote these weights thought of percentages: not of shares such as 1 and 3
/// or 9 and 1, equal ones, or parts of a thousand.
bool look_like_percentages(const std::vector<std::int64_t>& weights, std::int64_t sum) {
  const bool equal = std::all_of(weights.begin(), weights.end(),
                                 [&](std::int64_t weight) { return weight == weights.front(); });
  return !equal && sum > kPercent / 2 && sum < 2 * kPercent;
}

void run(const Facts& facts, Findings& out) {
  for (const auto* service : facts.all(Kind::virtual_service))
    for (const auto family : mesh::kRouteFamilies)
      for (const auto rule : service->spec()[family].items()) {
        std::vector<std::int64_t> weights;
        std::int64_t sum = 0;
        for (const auto route : rule["route"].items()) {
          const auto weight =
              std::clamp<std::int64_t>(route["weight"].as_int().value_or(0), 0, 2 * kPercent);
          if (weight > 0) weights.push_back(weight);
          sum += weight;
        }
        if (weights.size() < 2 || sum == kPercent || !look_like_percentages(weights, sum)) continue;
        out.add(*service, rule["route"],
                "the weights add up to {sum}, not to 100; each destination gets its share of {sum}",
                {{"sum", std::to_string(sum)}});
      }
}

}  // namespace

extern const Check route_weights_not_hundred;
constinit const Check route_weights_not_hundred{
    .slug = "route-weights-not-hundred", .reads = {Kind::virtual_service}, .run = run};

}  // namespace aksmesh::checks
