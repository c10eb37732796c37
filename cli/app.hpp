// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "world.hpp"

namespace aksmesh::cli {

/// The whole program but for the real world: resolves, parses, runs, renders and returns the exit
/// code. `args` begins with the name that the program was called by.
int run(const std::vector<std::string>& args, World& world);

}  // namespace aksmesh::cli
