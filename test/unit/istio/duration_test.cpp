// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "istio/validation/syntax.hpp"

namespace aksmesh::test {

using namespace std::chrono_literals;

TEST_CASE("durations: units, fractions and sums") {
  using istio::validation::parse_duration;
  CHECK(parse_duration("0") == 0ns);
  CHECK(parse_duration("0s") == 0ns);
  CHECK(parse_duration("5s") == 5s);
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("1.5h") == 90min);
  CHECK(parse_duration("1m30s") == 90s);
  CHECK(parse_duration("1h2m3s4ms5us6ns") == 1h + 2min + 3s + 4ms + 5us + 6ns);
  CHECK(parse_duration("\u00b5s") == std::nullopt);
  CHECK(parse_duration("3\u00b5s") == 3us);
  CHECK(parse_duration(".5s") == 500ms);
  CHECK(parse_duration("-5s") == -5s);
}

TEST_CASE("durations: any other text is none") {
  for (const char* text : {"", "5", "s", "5 s", "5d", "1s2", "1e3s", "5S", "nan", "inf s",
                           "99999999999999999999h", "1h-2m", "0x5s"})
    CHECK_MESSAGE(istio::validation::parse_duration(text) == std::nullopt, text);
}

}  // namespace aksmesh::test
