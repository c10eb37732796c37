// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "base/version_number.hpp"
#include "sys/clock.hpp"
#include "sys/parallel.hpp"

namespace aksmesh::test {

TEST_CASE("strings: split, trim, fill") {
  CHECK(split(std::string_view(), ',').empty());
  CHECK(split(std::string_view("a,,b"), ',').size() == 3);
  CHECK(trim(" \tx\r\n") == "x");
  CHECK(fill("{a} and {b}, {c}", {{"a", "1"}, {"b", "{a}"}}) == "1 and {a}, {c}");
  CHECK(fill("open {", {}) == "open {");
  CHECK(plural(1, "file") == "1 file");
  CHECK(plural(2, "policy", "policies") == "2 policies");
}

TEST_CASE("strings: wildcards") {
  CHECK(wildcard_match("Deployment shop/*", "Deployment shop/cart"));
  CHECK(wildcard_match("*", ""));
  CHECK(wildcard_match("a*b*c", "axxbyyc"));
  CHECK_FALSE(wildcard_match("a*b", "axxc"));
  CHECK_FALSE(wildcard_match("", "a"));
}

TEST_CASE("strings: ill-formed UTF-8 is found") {
  CHECK(find_invalid_utf8("Grüße 😀") == std::string_view::npos);
  CHECK(find_invalid_utf8("ab\xC0\xAF") == 2);
  CHECK(find_invalid_utf8("\xED\xA0\x80") == 0);
  CHECK(find_invalid_utf8("a\xE2\x82") == 1);
  CHECK(utf8_length("Grüße") == 5);
  CHECK(to_valid_utf8("a\xFF\xC3") == "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("edit distance: near words only") {
  CHECK(edit_distance("analyse", "analyze") == 1);
  CHECK(edit_distance("anlayze", "analyze") == 1);
  CHECK(suggestions("analyse", {"analyze", "checks"}) == std::vector<std::string>{"analyze"});
  CHECK(suggestions("zzz", {"analyze"}).empty());
  CHECK(suggestions("a", {"b", "cd"}) == std::vector<std::string>{"b"});
}

TEST_CASE("versions compare as numbers") {
  CHECK(*parse_revision("asm-1-9") < *parse_revision("asm-1-10"));
  CHECK(parse_version("v1.33.2")->text() == "1.33");
  CHECK(parse_version("1.33.2-2")->minor == 33);
  for (const char* text : {"", "1", "1.", "a.b", "1.2x", "-1.2"})
    CHECK_FALSE(parse_version(text).has_value());
  for (const char* text : {"", "asm-1", "asm-1-", "asm-1-2-3", "1-28", "asm-1-28x", "asm--1-2"})
    CHECK_FALSE(parse_revision(text).has_value());
  CHECK(revision_name({1, 28}) == "asm-1-28");
}

TEST_CASE("dates: only days that exist") {
  CHECK(sys::parse_date("2024-02-29").has_value());
  for (const char* text :
       {"2023-02-29", "2024-13-01", "2024-1-1", "", "2024-00-10", "2024-01-32", "20x4-01-01"})
    CHECK_FALSE(sys::parse_date(text).has_value());
  CHECK(sys::Date{2026, 9, 1} < sys::Date{2026, 10, 1});
  CHECK(sys::Date{2026, 9, 1}.text() == "2026-09-01");
}

TEST_CASE("parallel: each index once, whatever the number of workers") {
  for (const unsigned workers : {0U, 1U, 3U, 64U}) {
    std::vector<int> seen(100);
    sys::parallel_for(seen.size(), workers, [&](std::size_t i) { ++seen[i]; });
    CHECK(seen == std::vector<int>(100, 1));
  }
  sys::parallel_for(0, 2, [](std::size_t) { FAIL("no work was asked for"); });
}

}  // namespace aksmesh::test
