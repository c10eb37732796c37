// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unordered_map>

#include "base/quantity.hpp"
#include "checks/addon_pods.hpp"

namespace aksmesh::checks {

/// Of processors in thousandths, of memory in thousandths of a byte; 0 for what is no quantity.
inline std::int64_t amount(const Node& quantity) {
  return quantity_in_thousandths(quantity.text()).value_or(0);
}

/// Amounts of memory times a hundred may not fit.
inline std::int64_t percent_of(std::int64_t used, std::int64_t whole) {
  return static_cast<std::int64_t>(100.0 * static_cast<double>(used) / static_cast<double>(whole));
}

/// What the containers of istiod use, by their pods.
class Measured {
 public:
  explicit Measured(const Facts& facts) {
    for (const auto* one : facts.as_read(Kind::pod_metrics))
      if (one->name_space == kSystemNamespace) by_pod_.emplace(one->name, one);
  }
  /// The use of one container; absent when nobody measured it.
  [[nodiscard]] Node use(const Object& pod, std::string_view container) const {
    const auto found = by_pod_.find(pod.name);
    return found == by_pod_.end()
               ? Node{}
               : item_named(found->second->root["containers"], container)["usage"];
  }

 private:
  std::unordered_map<std::string_view, const Object*> by_pod_;
};

}  // namespace aksmesh::checks
