// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "data/json_edit.hpp"

namespace aksmesh::test {
namespace {

using data::JsonDocument;
using data::JsonPath;

JsonDocument json(std::string text) {
  auto out = JsonDocument::parse(std::move(text));
  REQUIRE(out);
  return std::move(*out);
}

std::string with(const std::string& text, const JsonPath& path, const std::string& value) {
  const auto out = data::with(json(text), path, value);
  return out ? out->text() : "none";
}

std::string with_item(const std::string& text, const JsonPath& path, const std::string& value) {
  const auto out = data::with_item(json(text), path, value);
  return out ? out->text() : "none";
}

std::vector<data::JsonChange> differences(const std::string& a, const std::string& b) {
  const auto before = json(a);
  const auto after = json(b);
  return data::differences(before.root(), after.root());
}

// What a JSON library would write in another way.
constexpr const char* kOddValues =
    R"({"big":123456789012345678901234567890,"float":1.10,"exponent":1E+2,"minus":-0,)"
    R"("escaped":"\u00e9\/\n\"","empty":{},"none":[],"null":null,"yes":true})";

}  // namespace

TEST_CASE("json edit: every value stays as it is written") {
  CHECK(json(kOddValues).text() == kOddValues);
  CHECK(with(kOddValues, {"new"}, "1") ==
        std::string(kOddValues, std::string(kOddValues).size() - 1) + R"(,"new":1})");
  CHECK(json(" { \"a\" : [ 1 , 2.50 ] } \n").text() == R"({"a":[1,2.50]})");
}

TEST_CASE("json edit: only one JSON value is a document") {
  for (const std::string text : {"", "{", "{} {}", "a: b", "[1,]", "{\"a\":1,}", "<html>"})
    CHECK_MESSAGE(!JsonDocument::parse(text), text);
  for (const std::string text : {"{}", "[]", "1", R"("x")"})
    CHECK_MESSAGE(JsonDocument::parse(text), text);
}

TEST_CASE("json edit: a value is replaced, or added with what holds it") {
  CHECK(with(R"({"a":1,"b":2})", {"a"}, "[3]") == R"({"a":[3],"b":2})");
  CHECK(with(R"({"a":{"b":1}})", {"a", "b"}, "true") == R"({"a":{"b":true}})");
  CHECK(with("{}", {"a", "b", "c"}, "1") == R"({"a":{"b":{"c":1}}})");
  CHECK(with(R"({"a":{}})", {"a", "b", "c"}, "1") == R"({"a":{"b":{"c":1}}})");
  CHECK(with(R"({"a":[{"b":1},{"b":2}]})", {"a", "1", "b"}, "3") == R"({"a":[{"b":1},{"b":3}]})");
  CHECK(with(R"({"a":[{}]})", {"a", "0", "b"}, "3") == R"({"a":[{"b":3}]})");
  CHECK(with("1", {}, "2") == "2");
  CHECK(with("{}", {"a\"b"}, "1") == R"({"a\"b":1})");
  CHECK(with(R"({"a\"b":1})", {"a\"b"}, "2") == R"({"a\"b":2})");
}

TEST_CASE("json edit: null holds nothing and may become anything") {
  CHECK(with(R"({"a":null})", {"a"}, "1") == R"({"a":1})");
  CHECK(with(R"({"a":null,"z":0})", {"a", "b", "c"}, "1") == R"({"a":{"b":{"c":1}},"z":0})");
  CHECK(with_item(R"({"a":null})", {"a"}, "1") == R"({"a":[1]})");
  CHECK(with_item(R"({"a":{"b":null}})", {"a", "b", "c"}, "1") == R"({"a":{"b":{"c":[1]}}})");
}

TEST_CASE("json edit: a path through something else leads nowhere") {
  CHECK(with(R"({"a":1})", {"a", "b"}, "2") == "none");
  CHECK(with(R"({"a":"x"})", {"a", "b"}, "2") == "none");
  CHECK(with(R"({"a":[1]})", {"a", "1"}, "2") == "none");
  CHECK(with(R"({"a":[1]})", {"a", "-1"}, "2") == "none");
  CHECK(with(R"({"a":[1]})", {"a", "0x"}, "2") == "none");
  CHECK(with(R"({"a":[1]})", {"a", "99999999999999999999"}, "2") == "none");
  CHECK(with_item(R"({"a":{}})", {"a"}, "2") == "none");
  CHECK(with_item(R"({"a":1})", {"a", "b"}, "2") == "none");
  CHECK(with("{}", {"a"}, "not json") == "none");
}

TEST_CASE("json edit: items go to the end of a list") {
  CHECK(with_item(R"({"a":[]})", {"a"}, "1") == R"({"a":[1]})");
  CHECK(with_item(R"({"a":[1,2]})", {"a"}, "{}") == R"({"a":[1,2,{}]})");
  CHECK(with_item("{}", {"a", "b"}, "1") == R"({"a":{"b":[1]}})");
  CHECK(with_item("[[1]]", {"0"}, "2") == "[[1,2]]");
}

TEST_CASE("json edit: a value is found by its path") {
  const auto document = json(R"({"a":[{"b":"x"}],"n":null})");
  CHECK(document.at({"a", "0", "b"}).text() == "x");
  CHECK(document.at({"n"}).is_null());
  CHECK(!document.at({"n", "b"}));
  CHECK(!document.at({"a", "1"}));
  CHECK(!document.at({"a", "b"}));
}

TEST_CASE("json edit: members and items are taken out by their paths") {
  const auto out = data::without(
      json(R"({"id":1,"a":[{"id":2,"x":3},4],"b":{"id":5},"last":6})"), [](const JsonPath& path) {
        return path == JsonPath{"id"} || path == JsonPath{"a", "[]", "id"} ||
               path == JsonPath{"last"};
      });
  CHECK(out.text() == R"({"a":[{"x":3},4],"b":{"id":5}})");
  const auto nothing =
      data::without(json(R"({"a":[1,2]})"), [](const JsonPath& path) { return path.size() > 1; });
  CHECK(nothing.text() == R"({"a":[]})");
}

TEST_CASE("json edit: strings are escaped") {
  CHECK(data::json_string("a\"\\\n\x01\xC3\xA9") == "\"a\\\"\\\\\\u000a\\u0001\xC3\xA9\"");
  CHECK(data::json_string("") == "\"\"");
}

TEST_CASE("json edit: differences name the deepest members") {
  using Changes = std::vector<data::JsonChange>;
  CHECK(differences(kOddValues, kOddValues).empty());
  CHECK(differences(R"({"a":1,"b":{"c":2}})", R"({"b": {"c": 2}, "a": 1})").empty());
  CHECK(differences(R"({"a":{"b":1,"c":2}})", R"({"a":{"b":3,"d":4}})") ==
        Changes{{.path = "a.b", .before = "1", .after = "3"},
                {.path = "a.c", .before = "2"},
                {.path = "a.d", .after = "4"}});
  CHECK(differences(R"({"a":["x"]})", R"({"a":["x","y"]})") ==
        Changes{{.path = "a", .before = R"(["x"])", .after = R"(["x","y"])"}});
  CHECK(differences(R"({"a":[{"on":true}]})", R"({"a":[{"on":false},{"on":true}]})") ==
        Changes{{.path = "a[0].on", .before = "true", .after = "false"},
                {.path = "a[1].on", .after = "true"}});
  CHECK(differences(R"({"a":{}})", R"({"a":{"b":1}})") == Changes{{.path = "a.b", .after = "1"}});
  CHECK(differences("{}", R"({"a":{}})") == Changes{{.path = "a", .after = "{}"}});
  CHECK(differences("{}", R"({"a":{"b":{"c":1}}})") == Changes{{.path = "a.b.c", .after = "1"}});
  CHECK(differences(R"({"a":{"b":1}})", R"({"a":2})") ==
        Changes{{.path = "a", .before = R"({"b":1})", .after = "2"}});
  CHECK(differences(R"({"a":null})", R"({"a":{}})") ==
        Changes{{.path = "a", .before = "null", .after = "{}"}});
  CHECK(differences(R"({"a":{"b":1}})", R"({"a":null})") ==
        Changes{{.path = "a", .before = R"({"b":1})", .after = "null"}});
}

}  // namespace aksmesh::test
