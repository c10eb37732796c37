// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/common.hpp"
#include "istio/validation/kinds.hpp"

namespace aksmesh::istio::validation {

void validate_workload_entry(const kube::Object& object, Problems& out) {
  check_endpoint(object.spec(), EndpointAddress::any, out);
}

}  // namespace aksmesh::istio::validation
