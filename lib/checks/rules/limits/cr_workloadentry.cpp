// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/limits/blocked_kinds.hpp"

namespace aksmesh::checks {

extern const Check cr_workloadentry;
constinit const Check cr_workloadentry{.slug = "cr-workloadentry",
                                       .reads = {Kind::workload_entry},
                                       .run = deny_kind<Kind::workload_entry>};

}  // namespace aksmesh::checks
