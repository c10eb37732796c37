// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sys/clock.hpp"

namespace aksmesh::mesh {

/// The last day of support in the calendars of revisions.json. A bare month means its last day.
struct SupportEnd {
  std::string text{};  ///< as the calendar writes it
  sys::Date day{};
};
/// Nothing for a text that is neither `2026-08` nor `2026-08-21`.
std::optional<SupportEnd> support_end(std::string_view text);

}  // namespace aksmesh::mesh
