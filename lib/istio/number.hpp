// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "data/scalar.hpp"
#include "data/tree.hpp"

namespace aksmesh::istio {

/// A whole number of one of Istio's messages, which may be written as a string.
inline std::optional<std::int64_t> number_of(const data::Node& node) {
  return node.is_string() ? data::parse_integer(node.text()) : node.as_int();
}

}  // namespace aksmesh::istio
