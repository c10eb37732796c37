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
  for (const char* expression : {"a{2", "a{3,2}", "a{1001}", "(", ")", "a**", "a{2}{3}", "[a",
                                 "\\bshop", "*", "(?P<a>b)", "[[:alpha:]]", "\\", "\\x4"})
    CHECK_MESSAGE(!matches_whole(expression, "a"), expression);
  CHECK_FALSE(matches_whole(std::string(3000, 'a'), "a"));
}

TEST_CASE("regular expressions: counts, anchors anywhere, cases, and bytes by number") {
  CHECK(matches_whole("a{2}", "aa") == true);
  CHECK(matches_whole("a{2}", "aaa") == false);
  CHECK(matches_whole("a{2,}b", "aaaab") == true);
  CHECK(matches_whole("a{2,}b", "ab") == false);
  CHECK(matches_whole("([0-9]{1,3}(s|ms)){1,2}", "15s200ms") == true);
  CHECK(matches_whole("([0-9]{1,3}(s|ms)){1,2}", "15s200ms3s") == false);
  CHECK(matches_whole("a{0}b{0,1}", "") == true);
  CHECK(matches_whole("a^b", "ab") == false);
  CHECK(matches_whole("(^a|b$)", "a") == true);
  CHECK(matches_whole("(?i)shop", "ShOp") == true);
  CHECK(matches_whole("((?i)a)b", "Ab") == true);
  CHECK(matches_whole("((?i)a)b", "AB") == false);
  CHECK(matches_whole("[\\x60a]+", "`a") == true);
}

TEST_CASE("regular expressions: found anywhere") {
  const auto found = [](const char* expression, const char* text) {
    const auto ready = RegularExpression::compile(expression);
    REQUIRE_MESSAGE(ready, expression);
    return ready->found_in(text);
  };
  CHECK(found("b", "abc"));
  CHECK_FALSE(found("d", "abc"));
  CHECK(found("^$|^a", ""));
  CHECK(found("^$|^a", "abc"));
  CHECK_FALSE(found("^$|^a", "ba"));
  CHECK(found("b$", "ab"));
  CHECK_FALSE(found("b$", "ba"));
  CHECK(found("", "a"));
  CHECK(found("(^$|^[a-f0-9]{4}$)", "00ff"));
  CHECK_FALSE(found("(^$|^[a-f0-9]{4}$)", "00fff"));
}

TEST_CASE("regular expressions: no blow-up") {
  std::string nested = "a";
  for (int i = 0; i < 300; ++i) nested = "(" + nested + ")*";
  CHECK(matches_whole(nested + "b", std::string(63, 'a')) == false);
  CHECK_FALSE(RegularExpression::compile("((((a{99}){99}){99}){99}){99}"));
}

}  // namespace aksmesh::test
