// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace aksmesh {

/// The word for a kind in documents, such as `not-found`.
std::string_view kind_name(ErrorKind kind);

}  // namespace aksmesh
