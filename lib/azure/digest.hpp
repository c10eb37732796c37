// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace aksmesh::azure {

/// The SHA-256 of a text as 64 hexadecimal digits.
std::string sha256_hex(std::string_view text);

}  // namespace aksmesh::azure
