// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "sys/clock.hpp"

namespace aksmesh::sys {

Date RealClock::today() const {
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::chrono::year_month_day date{days};
  return Date{static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
              static_cast<int>(static_cast<unsigned>(date.day()))};
}

}  // namespace aksmesh::sys
