// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
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

/// How many days the second is after the first; negative when it is before.
int days_between(const Date& from, const Date& to);

/// Reads YYYY-MM-DD; nothing for anything else, days that do not exist included.
std::optional<Date> parse_date(std::string_view text);

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  [[nodiscard]] virtual Date today() const = 0;
  /// Seconds since 1970, UTC.
  [[nodiscard]] virtual std::int64_t now() const = 0;
  /// Milliseconds of a clock that nobody sets; only differences mean something.
  [[nodiscard]] virtual std::int64_t steady() const = 0;
  /// Waits that many milliseconds; false when the user asked to stop before they were over.
  virtual bool sleep(std::int64_t milliseconds) = 0;
};

/// `2026-09-01T12:00:00Z` of a number of seconds since 1970.
std::string rfc3339(std::int64_t seconds);
/// The other way, with or without fractions, `Z` or an offset such as +02:00; nothing for any other
/// text.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);
/// `45s`, `2m10s`, `1h02m`, for people.
std::string duration_text(std::int64_t seconds);

class Cancel;

class RealClock final : public Clock {
 public:
  explicit RealClock(const Cancel& cancel) : cancel_(cancel) {}
  [[nodiscard]] Date today() const override;
  [[nodiscard]] std::int64_t now() const override;
  [[nodiscard]] std::int64_t steady() const override;
  bool sleep(std::int64_t milliseconds) override;

 private:
  const Cancel& cancel_;
};

}  // namespace aksmesh::sys
