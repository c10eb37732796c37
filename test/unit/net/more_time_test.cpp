// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "net/more_time.hpp"

namespace aksmesh::test {

TEST_CASE("more time: a multiple of what was too little, as an option takes it") {
  CHECK(net::longer_than(1) == "4s");
  CHECK(net::longer_than(5'000) == "20s");
  // What was measured is near what was typed.
  CHECK(net::longer_than(5'004) == "20s");
  CHECK(net::longer_than(4'998) == "20s");
  CHECK(net::longer_than(45'000) == "3m");
  CHECK(net::longer_than(600'000) == "40m");
  CHECK(net::longer_than(7'200'000) == "8h");
}

TEST_CASE("more time: only the advice that leaves it open is completed") {
  const std::vector<std::string> hints{"aksmesh show", net::kMoreTime,
                                       "allow more time: --timeout"};
  CHECK(net::told_how_long(hints, 10'000) ==
        std::vector<std::string>{"aksmesh show", "allow more time: --timeout 40s",
                                 "allow more time: --timeout"});
}

}  // namespace aksmesh::test
