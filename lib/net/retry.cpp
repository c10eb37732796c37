// SPDX-License-Identifier: Apache-2.0
#include "net/retry.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>

#include <nlohmann/json.hpp>

namespace aksmesh::net {
namespace {

constexpr std::int64_t kDay = 86'400'000;

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || at != end || value < 0) return std::nullopt;
  return value;
}

/// Whether the server says that it has not begun with the request.
bool was_turned_away(int status) {
  return status == 429 || status == 503;
}

}  // namespace

bool passes(int status) {
  return status == 408 || status == 429 || (status >= 500 && status <= 504 && status != 501);
}

bool is_broken(const Request& request, const Response& response) {
  return request.wants_json && response.ok() && !nlohmann::json::accept(response.body);
}

std::optional<std::int64_t> retry_after(const Response& response, std::int64_t now) {
  for (const std::string_view name : {"retry-after-ms", "x-ms-retry-after-ms"})
    if (const auto value = whole(response.header(name))) return std::min(*value, kDay);
  const auto text = response.header("retry-after");
  if (const auto seconds = whole(text)) return std::min(*seconds, kDay / 1000) * 1000;
  std::tm parts{};
  const std::string copy(text);
  if (copy.empty() || ::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) == nullptr)
    return std::nullopt;
  return std::clamp<std::int64_t>((::timegm(&parts) - now) * 1000, 0, kDay);
}

std::optional<std::int64_t> next_delay(const RetryPolicy& policy, const Request& request,
                                       const Try& last, int number, std::int64_t now,
                                       sys::Random& random) {
  const int tries = request.tries > 0 ? request.tries : policy.tries;
  if (number >= tries) return std::nullopt;
  if (last.response != nullptr && !passes(last.response->status)) return std::nullopt;
  const bool not_begun =
      last.response == nullptr ? !last.sent : was_turned_away(last.response->status);
  if (request.repeat == Repeat::if_not_sent && !not_begun) return std::nullopt;
  if (last.response != nullptr)
    if (const auto asked = retry_after(*last.response, now)) {
      if (*asked > kLongestAsked) return std::nullopt;  // the answer tells how long it would be
      return asked;
    }
  const auto doubled = policy.first_pause << std::min(number - 1, 16);
  const auto pause = std::min(doubled, policy.longest_pause);
  // Between half of the pause and all of it, so that many clients do not come back at once.
  return pause / 2 +
         static_cast<std::int64_t>(random.next() % static_cast<std::uint64_t>(pause / 2 + 1));
}

}  // namespace aksmesh::net
