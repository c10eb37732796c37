// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace aksmesh::sys {

/// Calls `work(0) .. work(count - 1)`, each once, on up to `workers` threads (0: one a core). Every
/// call writes only to its own place, so that the outcome does not depend on the order. Returns
/// when all are done. Nothing else in this program starts threads.
void parallel_for(std::size_t count, unsigned workers,
                  const std::function<void(std::size_t)>& work);

}  // namespace aksmesh::sys
