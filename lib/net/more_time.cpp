// SPDX-License-Identifier: Apache-2.0
#include "net/more_time.hpp"

#include <algorithm>

namespace aksmesh::net {

std::string longer_than(std::int64_t milliseconds) {
  constexpr std::int64_t kTimes = 4;
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 3600;
  // What was measured is a little more or less than what was typed.
  const auto seconds = std::max<std::int64_t>(1, (milliseconds + 500) / 1000) * kTimes;
  const auto rounded = [&](std::int64_t unit) {
    return std::to_string((seconds + unit - 1) / unit);
  };
  if (seconds < 2 * kMinute) return rounded(1) + 's';
  if (seconds < 2 * kHour) return rounded(kMinute) + 'm';
  return rounded(kHour) + 'h';
}

std::vector<std::string> told_how_long(std::vector<std::string> hints, std::int64_t milliseconds) {
  const std::string general = kMoreTime;
  const auto stem = general.substr(0, general.rfind(' ') + 1);
  std::replace(hints.begin(), hints.end(), general, stem + longer_than(milliseconds));
  return hints;
}

}  // namespace aksmesh::net
