// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "net/retry.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

constexpr std::int64_t kNow = 1'788'264'000;  // Tue, 01 Sep 2026 12:00:00 GMT

std::optional<std::int64_t> asked(const std::string& name, const std::string& value) {
  return net::retry_after({.status = 429, .headers = {{name, value}}}, kNow);
}

std::optional<std::int64_t> delay(const net::Request& request, const net::Try& last,
                                  int number = 1) {
  FakeRandom random;
  return net::next_delay({}, request, last, number, kNow, random);
}

}  // namespace

TEST_CASE("retry: what a server asks for") {
  CHECK(asked("retry-after", "42") == 42'000);
  CHECK(asked("retry-after", "0") == 0);
  CHECK(asked("retry-after-ms", "150") == 150);
  CHECK(asked("x-ms-retry-after-ms", "7") == 7);
  CHECK(asked("retry-after", "Tue, 01 Sep 2026 12:00:30 GMT") == 30'000);
  CHECK(asked("retry-after", "Tue, 01 Sep 2026 11:00:00 GMT") == 0);  // over already
  CHECK(asked("retry-after", "99999999999999") == 86'400'000);        // no more than a day
  CHECK(asked("retry-after", "Tue, 01 Sep 2099 12:00:00 GMT") == 86'400'000);
  for (const char* odd : {"", "-1", "1.5", "soon", "4 2", "99999999999999999999999"})
    CHECK_MESSAGE(asked("retry-after", odd) == std::nullopt, odd);
  CHECK(net::retry_after({.status = 429}, kNow) == std::nullopt);
  const net::Response both{.headers = {{"retry-after", "9"}, {"retry-after-ms", "150"}}};
  CHECK(net::retry_after(both, kNow) == 150);  // the finer one
}

TEST_CASE("retry: only faults that pass") {
  const auto repeats = [](int status) {
    const net::Response response{.status = status};
    return delay({}, {.response = &response}).has_value();
  };
  for (const int status : {408, 429, 500, 502, 503, 504}) CHECK_MESSAGE(repeats(status), status);
  for (const int status : {200, 202, 301, 400, 401, 403, 404, 409, 412, 501, 505})
    CHECK_MESSAGE(!repeats(status), status);
  CHECK(delay({}, {}));
}

TEST_CASE("retry: a good answer that is no JSON where JSON is wanted") {
  const net::Request reading{.wants_json = true};
  const auto broken = [&](int status, const std::string& body) {
    return net::is_broken(reading, {.status = status, .body = body});
  };
  for (const char* half : {"", "{\"id\": \"x\", \"prop", "<html></html>"}) CHECK(broken(200, half));
  CHECK(!broken(200, R"({"id": "x"})"));
  CHECK(!broken(404, "<html></html>"));  // what errors look like is another matter
  CHECK(!net::is_broken({}, {.status = 200, .body = "<html></html>"}));
}

TEST_CASE("retry: what must not happen twice goes out again only when it was not begun") {
  const net::Request once{.method = net::Method::post, .repeat = net::Repeat::if_not_sent};
  const auto repeats = [&](int status) {
    const net::Response response{.status = status};
    return delay(once, {.response = &response}).has_value();
  };
  CHECK(repeats(429));
  CHECK(repeats(503));
  CHECK(!repeats(500));
  CHECK(!repeats(504));
  CHECK(!delay(once, {.sent = true}));
  CHECK(delay(once, {.sent = false}));
}

TEST_CASE("retry: pauses double, differ, and end") {
  for (int number = 1; number < 5; ++number) {
    const auto pause = delay({}, {}, number);
    const auto whole = std::int64_t{800} << (number - 1);
    REQUIRE(pause);
    CHECK(*pause >= whole / 2);
    CHECK(*pause <= whole);
  }
  CHECK(!delay({}, {}, 5));
  CHECK(!delay({.tries = 2}, {}, 2));
  const auto late = delay({.tries = 1000}, {}, 900);
  REQUIRE(late);
  CHECK(*late >= 30'000);
  CHECK(*late <= 60'000);
  FakeRandom random;
  const auto first = net::next_delay({}, {}, {}, 1, kNow, random);
  CHECK(net::next_delay({}, {}, {}, 1, kNow, random) != first);
}

TEST_CASE("retry: what the server asks for counts more than our own pauses") {
  const net::Response response{.status = 429, .headers = {{"retry-after", "17"}}};
  CHECK(delay({}, {.response = &response}) == 17'000);
  // But not for as long as people would think that the program hangs.
  const net::Response tomorrow{.status = 429, .headers = {{"retry-after", "3600"}}};
  CHECK(!delay({}, {.response = &tomorrow}));
}

}  // namespace aksmesh::test
