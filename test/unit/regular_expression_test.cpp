// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>

#include "base/regular_expression.hpp"

namespace aksmesh::test {

TEST_CASE("regular expressions: the whole text, or not at all") {
  CHECK(matches_whole("shop|pay.*", "payments") == true);
  CHECK(matches_whole("shop|pay.*", "shop-backoffice") == false);
  CHECK(matches_whole("^(shop|payments)(-[a-z0-9]+)?$", "shop-eu1") == true);
  CHECK(matches_whole("^(shop|payments)(-[a-z0-9]+)?$", "shop-") == false);
  CHECK(matches_whole("(?:a|b)+c??", "abba") == true);
  CHECK(matches_whole("[^a-c]\\d\\.", "d7.") == true);
  CHECK(matches_whole("[]a]", "]") == true);
  CHECK(matches_whole("a+?", "") == false);
  CHECK(matches_whole("(a*)*|b", "") == true);
  CHECK(matches_whole("", "") == true);
  CHECK(matches_whole("a|", "") == true);
}

TEST_CASE("regular expressions: what is not known is no answer") {
  for (const char* expression : {"a{2}", "(", ")", "a**", "[a", "\\bshop", "*", "(?i)shop", "a^b",
                                 "a$b", "[[:alpha:]]", "\\"})
    CHECK_MESSAGE(!matches_whole(expression, "a"), expression);
  CHECK_FALSE(matches_whole(std::string(3000, 'a'), "a"));
}

TEST_CASE("regular expressions: no blow-up") {
  std::string nested = "a";
  for (int i = 0; i < 300; ++i) nested = "(" + nested + ")*";
  CHECK(matches_whole(nested + "b", std::string(63, 'a')) == false);
}

}  // namespace aksmesh::test
