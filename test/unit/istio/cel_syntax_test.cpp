// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <doctest/doctest.h>

#include "istio/validation/cel_syntax.hpp"

namespace aksmesh::test {

using istio::validation::cel_fault;

TEST_CASE("cel: expressions") {
  for (const char* text : {
           "response.code >= 400 && response.code < 500",
           "has(request.auth.claims) || has((a.b)) || has(has(a.b))",
           "!(a in [1, 2u, 0x1F, 0xffU])",
           "[1, -2, 1.5, .5, 1e3, 2E-3, 'x', \"y\", b'z', r'\\d', br'\\d', '''a\n'b''', null,]",
           "[,] == [] && {,} == {}",
           "{'a': 1, b: [2]}['a'].c(1, 2).d",
           "a ? b : c ? d : e",
           "- -a - -1 + !!b",
           "!-1",
           "a.b.C{d: 1, `e-f`: 2,}.d",
           ".a.b{} != .c(.d)",
           "as.b{}",
           "x.as(1).in_(2)",
           "l.exists(x, x.y) && l.all(x, x) && l.map(x, x, x) && l.exists_one(x, x)",
           "l.filter(x, has(x.y)).size() == exists(1, 2)",
           "map(1, 2)",
           "l.all(x)",
           "'\\u00e9\\U0001F600\\x41\\101\\n\\`\\?' == b'\\xff\\377'",
           "-9223372036854775808 < 18446744073709551615u",
           "a.`b-c/d` // a comment",
           "1.foo + 1.5.foo",
           "\ta\n  == \r\n b",
       }) {
    CAPTURE(text);
    CHECK(cel_fault(text) == "");
  }
}

TEST_CASE("cel: what is no expression") {
  for (const char* text : {
           "",
           " ",
           "// a",
           "a b",
           "a = b",
           "a ==",
           "== a",
           "(a",
           "a)",
           "[1",
           "[1,,]",
           "{a}",
           "{a:}",
           "a.",
           "a.1",
           "a[",
           "a[]",
           "a.b{c}",
           "a.b{1: 2}",
           "(a).b{}",
           "a(b)c",
           "f(,)",
           "f(a,)",
           "a ? b",
           "a ? b : ",
           "a ? b ? c : d : e",
           "!",
           "-",
           "a &",
           "a & b",
           "a | b",
           "#",
           "@",
           "1x",
           "0x",
           "0X1",
           "'a",
           "\"a'",
           "'a\nb'",
           "'''a''",
           "'\\q'",
           "'\\x4'",
           "'\\u12'",
           "'\\ud800'",
           "'\\U00110000'",
           "'\\400'",
           "b'\\u0041'",
           "'\\",
           "`a`",
           "a.`b",
           "a.`b$`",
           "a.``",
           "a.`b`()",
           "if",
           "for.x",
           "as(1)",
           "let + 1",
           "in",
           "x.in",
           "x.true",
           "null.",
           "a.?b",
           "a[?0]",
           "[?a]",
           "{?a: 1}",
           "has(a)",
           "has(a[0])",
           "has(f())",
           "l.all(1, x)",
           "l.map(x.y, x)",
           "l.exists(f(), x)",
           "9223372036854775808",
           "-9223372036854775809",
           "18446744073709551616u",
           "1e999",
           "!-a",
       }) {
    CAPTURE(text);
    CHECK(cel_fault(text) != "");
  }
  CHECK(cel_fault("a == = b") == "at character 6, = is no operator; two values are compared by ==");
  CHECK(cel_fault("f(a b)") == "at character 5, expected ) instead of b");
}

TEST_CASE("cel: depth is bounded") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "1" + std::string(depth, ')');
  };
  CHECK(cel_fault(nested(249)) == "");
  CHECK(cel_fault(nested(250)) != "");
  CHECK(cel_fault(nested(1'000'000)) != "");
  CHECK(cel_fault(std::string(1'000'000, '!')) != "");
  CHECK(cel_fault(std::string(100'000, '-') + "a") == "");
}

}  // namespace aksmesh::test
