// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "net/http.hpp"
#include "sys/random.hpp"

namespace aksmesh::net {

/// Of what a server may ask to wait: nobody wants to find a program silent for an hour.
constexpr std::int64_t kLongestAsked = 120'000;

/// When a request goes out again. Pauses in milliseconds.
struct RetryPolicy {
  int tries = 5;
  std::int64_t first_pause = 800;
  std::int64_t longest_pause = 60'000;
};

/// What one try came to.
struct Try {
  const Response* response = nullptr;  ///< null: the connection failed
  bool sent = true;                    ///< false: the request surely never left
};

/// The pause before the next try in milliseconds; nothing when this was the last one. `number`
/// counts tries from 1. `now` is in seconds since 1970, for Retry-After dates.
std::optional<std::int64_t> next_delay(const RetryPolicy& policy, const Request& request,
                                       const Try& last, int number, std::int64_t now,
                                       sys::Random& random);

/// Whether the fault behind a status may be over soon.
bool passes(int status);

/// Whether an answer of 2xx cannot be used because JSON was asked for and it is none: half of one,
/// or the page of a proxy.
bool is_broken(const Request& request, const Response& response);

/// What a server asks for: `Retry-After` in seconds or as a date, `retry-after-ms`,
/// `x-ms-retry-after-ms`. Milliseconds; nothing when it asks for none.
std::optional<std::int64_t> retry_after(const Response& response, std::int64_t now);

}  // namespace aksmesh::net
