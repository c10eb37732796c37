// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace aksmesh {

/// The word for a kind in documents, such as `not-found`.
std::string_view kind_name(ErrorKind kind);
/// Whether what failed so may go well a little later: nobody answered, or the other side failed or
/// had too much to do.
bool may_pass(ErrorKind kind);
/// Whether the other side knows who asks, or does not, and will not answer.
bool is_refusal(ErrorKind kind);

}  // namespace aksmesh
