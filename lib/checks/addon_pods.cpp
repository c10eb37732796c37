// SPDX-License-Identifier: Apache-2.0
#include "checks/addon_pods.hpp"

namespace aksmesh::checks {

bool has_addon_pods(const Facts& facts) {
  return facts.holds(Kind::pod, is_addon_pod);
}

bool has_istiod_pods(const Facts& facts) {
  return facts.holds(Kind::pod, is_addon_istiod_pod);
}

}  // namespace aksmesh::checks
