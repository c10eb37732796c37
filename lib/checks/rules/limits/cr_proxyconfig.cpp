// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/limits/blocked_kinds.hpp"

namespace aksmesh::checks {

extern const Check cr_proxyconfig;
constinit const Check cr_proxyconfig{
    .slug = "cr-proxyconfig", .reads = {Kind::proxy_config}, .run = deny_kind<Kind::proxy_config>};

}  // namespace aksmesh::checks
