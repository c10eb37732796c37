// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace aksmesh::commands {

/// The release; CMake passes it on from the one place that states it.
inline constexpr std::string_view kVersion = AKSMESH_VERSION;

}  // namespace aksmesh::commands
