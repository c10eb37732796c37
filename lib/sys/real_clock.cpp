// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <algorithm>
#include <chrono>

#include "sys/cancel.hpp"
#include "sys/clock.hpp"

namespace aksmesh::sys {

Date RealClock::today() const {
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::chrono::year_month_day date{days};
  return Date{static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
              static_cast<int>(static_cast<unsigned>(date.day()))};
}

std::int64_t RealClock::now() const {
  using std::chrono::seconds;
  using std::chrono::system_clock;
  return std::chrono::duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t RealClock::steady() const {
  using std::chrono::milliseconds;
  using std::chrono::steady_clock;
  return std::chrono::duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

bool RealClock::sleep(std::int64_t milliseconds) {
  const auto end = steady() + milliseconds;
  while (!cancel_.requested()) {
    const auto left = end - steady();
    if (left <= 0) return true;
    pollfd wake{.fd = cancel_.descriptor(), .events = POLLIN, .revents = 0};
    (void)::poll(&wake, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
  }
  return false;
}

}  // namespace aksmesh::sys
