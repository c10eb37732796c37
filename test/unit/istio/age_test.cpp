// SPDX-License-Identifier: Apache-2.0
#include "istio/age.hpp"

#include <doctest/doctest.h>

namespace aksmesh::test {

TEST_CASE("age: in the units of the neighbour") {
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  struct Case {
    std::int64_t seconds;
    const char* text;
  };
  for (const auto& [seconds, text] : {Case{-5, "0s"},
                                      Case{0, "0s"},
                                      Case{119, "119s"},
                                      Case{120, "2m"},
                                      Case{312, "5m12s"},
                                      Case{10 * kMinute - 1, "9m59s"},
                                      Case{10 * kMinute, "10m"},
                                      Case{74 * kMinute + 9, "74m"},
                                      Case{3 * kHour - 1, "179m"},
                                      Case{3 * kHour, "3h"},
                                      Case{3 * kHour + 12 * kMinute, "3h12m"},
                                      Case{8 * kHour, "8h"},
                                      Case{30 * kHour + 59 * kMinute, "30h"},
                                      Case{2 * kDay, "2d"},
                                      Case{3 * kDay + 4 * kHour, "3d4h"},
                                      Case{8 * kDay + 4 * kHour, "8d"},
                                      Case{120 * kDay, "120d"},
                                      Case{2 * 365 * kDay - 1, "729d"},
                                      Case{2 * 365 * kDay + 30 * kDay, "2y30d"},
                                      Case{8 * 365 * kDay + 30 * kDay, "8y"}})
    CHECK(istio::age_text(seconds * 1000 + 999) == (seconds < 0 ? "0s" : std::string(text)));
}

TEST_CASE("age: moments with their fractions") {
  CHECK(istio::moment_in_milliseconds("2026-01-01T00:00:00Z") == 1'767'225'600'000);
  CHECK(istio::moment_in_milliseconds("2026-01-01T00:00:00.5Z") == 1'767'225'600'500);
  CHECK(istio::moment_in_milliseconds("2026-01-01T01:00:00.123456789+01:00") == 1'767'225'600'123);
  CHECK(istio::moment_in_milliseconds("2026-01-01T00:00:00.Z") == 1'767'225'600'000);
  for (const auto* text : {"", "2026-01-01", "2026-01-01T00:00:00", "soon"})
    CHECK_FALSE(istio::moment_in_milliseconds(text));
}

}  // namespace aksmesh::test
