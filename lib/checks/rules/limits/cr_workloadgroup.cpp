// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/limits/blocked_kinds.hpp"

namespace aksmesh::checks {

extern const Check cr_workloadgroup;
constinit const Check cr_workloadgroup{.slug = "cr-workloadgroup",
                                       .reads = {Kind::workload_group},
                                       .run = deny_kind<Kind::workload_group>};

}  // namespace aksmesh::checks
