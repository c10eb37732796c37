// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/common.hpp"
#include "istio/validation/kinds.hpp"

namespace aksmesh::istio::validation {

void validate_proxy_config(const kube::Object& object, Problems& out) {
  const auto spec = object.spec();
  check_selector(spec, "selector", out);
  check_not_negative("PC-02", {spec, "concurrency"}, out);
}

}  // namespace aksmesh::istio::validation
