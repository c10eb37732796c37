// SPDX-License-Identifier: Apache-2.0
#include "checks/addon_pods.hpp"

#include <algorithm>

namespace aksmesh::checks {

bool has_addon_pods(const Facts& facts) {
  const auto& pods = facts.as_read(Kind::pod);
  return std::any_of(pods.begin(), pods.end(),
                     [](const Object* pod) { return is_addon_pod(*pod); });
}

bool has_istiod_pods(const Facts& facts) {
  const auto& pods = facts.as_read(Kind::pod);
  return std::any_of(pods.begin(), pods.end(),
                     [](const Object* pod) { return is_addon_istiod_pod(*pod); });
}

}  // namespace aksmesh::checks
