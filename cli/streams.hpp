// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"
#include "report/style.hpp"
#include "world.hpp"

namespace aksmesh::cli {

/// How text may look on one of the two streams: each is decided for itself.
report::Style style_of(const World& world, const sys::OutputStream& stream,
                       const commands::GlobalOptions& global);

}  // namespace aksmesh::cli
