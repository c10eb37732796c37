// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/limits/blocked_kinds.hpp"

namespace aksmesh::checks {

extern const Check cr_wasmplugin;
constinit const Check cr_wasmplugin{
    .slug = "cr-wasmplugin", .reads = {Kind::wasm_plugin}, .run = deny_kind<Kind::wasm_plugin>};

}  // namespace aksmesh::checks
