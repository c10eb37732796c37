// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/limits/blocked_kinds.hpp"

namespace aksmesh::checks {

extern const Check cr_istiooperator;
constinit const Check cr_istiooperator{.slug = "cr-istiooperator",
                                       .reads = {Kind::istio_operator},
                                       .run = deny_kind<Kind::istio_operator>};

}  // namespace aksmesh::checks
