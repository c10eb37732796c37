// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checks/injection_inventory.hpp"

namespace aksmesh::commands {

/// What to do about a verdict, a command or an action a line; nothing when all is well.
std::vector<std::string> advice_on(const mesh::Injection& injection, const kube::Object& workload,
                                   const mesh::Injectors& injectors);

/// `would get a sidecar`: what becomes of pods when they are made anew.
std::string_view renewal_text(checks::Renewal renewal);

}  // namespace aksmesh::commands
