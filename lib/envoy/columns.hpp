// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace aksmesh::envoy {

/// Which columns and rows a table of a proxy's configuration has: those of istioctl, or everything.
enum class Columns : std::uint8_t { usual, all };

}  // namespace aksmesh::envoy
