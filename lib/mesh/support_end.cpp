// SPDX-License-Identifier: Apache-2.0
#include "mesh/support_end.hpp"

namespace aksmesh::mesh {

std::optional<SupportEnd> support_end(std::string_view text) {
  SupportEnd out{.text = std::string(text)};
  const bool month = text.size() == 7;
  const auto day = sys::parse_date(month ? out.text + "-01" : out.text);
  if (!day) return std::nullopt;
  out.day = *day;
  if (month) out.day.day = 31;
  return out;
}

}  // namespace aksmesh::mesh
