// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "checks/check.hpp"

namespace aksmesh::checks {

/// Who tells that a code applies.
enum class Teller : std::uint8_t {
  nobody,    ///< planned
  analysis,  ///< a check, or the reader of the input
  commands,  ///< the commands that change the mesh, before they send anything
  istiods,   ///< `check`, which asks the istiods for their proxies
  service,   ///< Azure, by refusing; no check can look for it
  page       ///< nobody: there is nothing to look at, and its page says what to know
};
Teller teller_of(const Code& code);

}  // namespace aksmesh::checks
