// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace aksmesh::sys {

/// A day of the calendar, UTC.
struct Date {
  int year = 0;
  int month = 0;
  int day = 0;
  auto operator<=>(const Date&) const = default;
  [[nodiscard]] std::string text() const;  ///< YYYY-MM-DD
};

/// Reads YYYY-MM-DD; nothing for anything else, days that do not exist included.
std::optional<Date> parse_date(std::string_view text);

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  [[nodiscard]] virtual Date today() const = 0;
};

class RealClock final : public Clock {
 public:
  [[nodiscard]] Date today() const override;
};

}  // namespace aksmesh::sys
