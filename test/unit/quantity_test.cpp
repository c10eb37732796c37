// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "base/quantity.hpp"
#include "sys/clock.hpp"

namespace aksmesh::test {

TEST_CASE("quantity: as Kubernetes writes them, in thousandths") {
  CHECK(quantity_in_thousandths("250m") == 250);
  CHECK(quantity_in_thousandths("2") == 2'000);
  CHECK(quantity_in_thousandths("1.5") == 1'500);
  CHECK(quantity_in_thousandths("1e3") == 1'000'000);
  CHECK(quantity_in_thousandths("0.1") == 100);
  CHECK(quantity_in_thousandths("1Ki") == 1'024'000);
  CHECK(quantity_in_thousandths("2Gi") == 2'147'483'648'000);
  CHECK(quantity_in_thousandths("3k") == 3'000'000);
  CHECK(quantity_in_thousandths("1500000000n") == 1'500);
  CHECK(quantity_in_thousandths("0") == 0);
}

TEST_CASE("quantity: anything else is none") {
  for (const char* text : {"", "m", "1mm", "1 Gi", "1gi", "x", "9999999Ei", "nan", "inf", "1e400"})
    CHECK_MESSAGE(!quantity_in_thousandths(text), text);
}

TEST_CASE("dates: how many days lie between two") {
  CHECK(sys::days_between({2026, 9, 1}, {2026, 9, 15}) == 14);
  CHECK(sys::days_between({2026, 9, 1}, {2026, 8, 31}) == -1);
  CHECK(sys::days_between({2024, 2, 28}, {2024, 3, 1}) == 2);
  CHECK(sys::days_between({2025, 12, 31}, {2026, 1, 1}) == 1);
}

}  // namespace aksmesh::test
