// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/strings.hpp"

namespace aksmesh::azure {

/// Azure answers its words (states, modes, ids) in changing case: they compare without it.
inline bool same_word(std::string_view a, std::string_view b) {
  return to_lower(a) == to_lower(b);
}

}  // namespace aksmesh::azure
