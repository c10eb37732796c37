// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sys/settings.hpp"

namespace aksmesh::commands {

/// Hints as they go through when they are copied: a command of ours bears the name that the
/// program was called by and repeats what the user typed to tell the cluster, as far as it takes
/// those options and does not name them already; so do those of `az aks` and kubectl. What stands
/// behind three blanks is a remark.
std::vector<std::string> aimed(std::vector<std::string> hints, const std::string& program,
                               const sys::Aim& aim);

}  // namespace aksmesh::commands
