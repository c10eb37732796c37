// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "data/json_rewrite.hpp"
#include "data/reader.hpp"

namespace aksmesh::test {
namespace {

using data::Fate;

class ByKey final : public data::Fates {
 public:
  Fate of(const data::KeyPath& path, const data::Node&, const data::Node& holder) override {
    if (path.back() == "goes") return Fate::drop;
    if (path.back() == "secret") return holder["public"] ? Fate::keep : Fate::change;
    return path.back() == "whole" ? Fate::keep : Fate::look;
  }
  [[nodiscard]] std::string instead(const data::Node& value) const override {
    return "<" + std::string(value.text()) + ">";
  }
};

std::string after(std::string text) {
  const auto read = data::read_documents(std::move(text), {}, data::Format::json);
  ByKey fates;
  return data::rewritten(read.tree->document(0), fates);
}

}  // namespace

TEST_CASE("json rewrite: what is kept is kept byte for byte") {
  CHECK(
      after(R"({ "a" : 1.50e3, "b":[ true,null , "\u00e9\"x" ], "big": 123456789012345678901 })") ==
      R"({"a":1.50e3,"b":[true,null,"\u00e9\"x"],"big":123456789012345678901})");
  CHECK(after(R"({"whole": { "goes" : [ 1 ] }})") == R"({"whole":{ "goes" : [ 1 ] }})");
  CHECK(after("[]") == "[]");
  CHECK(after("{}") == "{}");
}

TEST_CASE("json rewrite: members go or change, at any depth") {
  CHECK(after(R"({"goes":1,"a":[{"goes":{"x":1},"b":2}]})") == R"({"a":[{"b":2}]})");
  CHECK(after(R"({"goes":1})") == "{}");
  CHECK(after(R"({"secret":"a\"b"})") == R"({"secret":"<a\"b>"})");
  CHECK(after(R"([{"secret":"s","public":true}])") == R"([{"secret":"s","public":true}])");
}

}  // namespace aksmesh::test
