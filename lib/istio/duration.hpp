// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace aksmesh::istio {

/// A duration as Istio's fields write it, such as `1m30s`, `1.5h` or `250ms`; nothing for any other
/// text, and for more than a century.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

}  // namespace aksmesh::istio
