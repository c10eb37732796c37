// SPDX-License-Identifier: Apache-2.0
#include "data/json_pieces.hpp"

#include <algorithm>
#include <cstring>

#include <doctest/doctest.h>

#include "data/json_nesting.hpp"
#include "data/json_text.hpp"

namespace aksmesh::test {
namespace {

using data::JsonPieces;

/// Gives a text so many bytes at a time.
class Drops final : public sys::Source {
 public:
  Drops(std::string text, std::size_t size) : text_(std::move(text)), size_(size) {}
  Result<std::size_t> read(std::span<char> room) override {
    const auto count = std::min({room.size(), size_, text_.size() - at_});
    std::memcpy(room.data(), text_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t size_;
  std::size_t at_ = 0;
};

/// The elements of an array, each as it is written; with what ended it, if anything did.
struct Elements {
  std::vector<std::string> texts{};
  std::string why{};
  bool cut_off = false;
};

enum class Pass { taken, skipped };

Elements elements(const std::string& text, std::size_t drop, Pass pass = Pass::taken,
                  std::uint64_t limit = 1U << 20U) {
  Drops source(text, drop);
  JsonPieces pieces(source, limit);
  Elements out;
  const auto read = [&]() -> Status {
    AK_CHECK(pieces.enter());
    while (true) {
      AK_TRY(const bool more, pieces.next());
      if (!more) return pieces.end();
      if (pass == Pass::skipped) {
        AK_CHECK(pieces.skip());
        out.texts.emplace_back();
      } else {
        AK_TRY(const auto value, pieces.value());
        out.texts.emplace_back(value);
      }
    }
  };
  if (const auto status = read(); !status) out.why = status.error().in_one_line();
  out.cut_off = pieces.is_cut_off();
  return out;
}

constexpr std::size_t kDrops[] = {1, 7, 63, 64, 65, 4096};

}  // namespace

TEST_CASE("json pieces: elements come as they are written, however the text arrives") {
  const std::vector<std::string> wanted{
      R"({"a": [1, {"b": "]}"}], "c": "\"}"})",
      R"([ ])",
      "{}",
      R"("a \\")",
      R"("\\\"[{")",
      "-12.5e3",
      "true",
      "null",
      R"({"long": ")" + std::string(300, 'x') + R"(\\", "more": [[[[]]]]})",
      R"(")" + std::string(61, 'y') + R"(\\\\")"};
  std::string text = " [";
  for (const auto& one : wanted) text += (text.size() > 2 ? "\n ,\t" : "") + one;
  text += "\r\n ] \n";
  for (const auto drop : kDrops) {
    CAPTURE(drop);
    const auto seen = elements(text, drop);
    CHECK(seen.why.empty());
    CHECK(seen.texts == wanted);
    const auto passed = elements(text, drop, Pass::skipped);
    CHECK(passed.why.empty());
    CHECK(passed.texts.size() == wanted.size());
  }
}

TEST_CASE("json pieces: backslashes and quotes at every place of a block") {
  for (std::size_t before = 0; before < 130; ++before)
    for (const char* odd : {R"("\"")", R"("\\")", R"("\\\"}")", R"({"}":"]"})"}) {
      const std::string value = "{\"" + std::string(before, 'k') + "\":" + odd + "}";
      const auto seen = elements("[" + value + "," + value + "]", 64);
      CHECK(seen.texts == std::vector<std::string>{value, value});
    }
}

TEST_CASE("json pieces: a text that ends in the middle gives what came before, and says so") {
  const std::string text = R"([{"a": "b]"}, {"c": [1, 2]}, "tail", 12])";
  for (std::size_t size = 0; size < text.size(); ++size)
    for (const auto pass : {Pass::taken, Pass::skipped}) {
      CAPTURE(size);
      const auto seen = elements(text.substr(0, size), 5, pass);
      CHECK(seen.cut_off);
      CHECK(seen.why.find("the text ends at byte " + std::to_string(size)) != std::string::npos);
    }
  CHECK(elements(text, 5).why.empty());
}

TEST_CASE("json pieces: what is no JSON is told with its place") {
  const auto why = [](const char* text) { return elements(text, 100).why; };
  CHECK(why("hello") == "this is no JSON: byte 0 should be { or [");
  CHECK(why("[1 2]") == "this is no JSON: byte 3 should be , or ]");
  CHECK(why("[1,]") == "this is no JSON: byte 3 should be a value");
  CHECK(why("[,1]") == "this is no JSON: byte 1 should be a value");
  CHECK(why("[1] x") == "this is no JSON: byte 4 should be the end");
  CHECK(why("{1: 2}") == "this is no JSON: byte 1 should be a key in quotes");
  CHECK(why("{\"a\" 2}") == "this is no JSON: byte 5 should be a colon");
  CHECK(why("{\"a\": 2 \"b\": 1}") == "this is no JSON: byte 8 should be , or }");
}

TEST_CASE("json pieces: one value has a largest size, a text has none") {
  const std::string large(2U << 20U, 'x');
  const auto seen = elements("[\"" + large + "\"]", 1U << 16U, Pass::taken, 1U << 20U);
  CHECK(seen.why.find("a single value is too large") != std::string::npos);
  CHECK(elements("[\"" + large + "\"]", 1U << 16U, Pass::skipped, 1U << 20U).why.empty());
  CHECK(elements("[{\"a\":\"" + large + "\"}, 1]", 1U << 16U, Pass::skipped, 1U << 20U)
            .texts.size() == 2);
}

TEST_CASE("json pieces: members, and containers within containers") {
  Drops source(R"({"a": {"x": [1, [2], 3]}, "b": [], "c": 1})", 3);
  JsonPieces pieces(source, 1000);
  REQUIRE(pieces.enter().has_value());
  REQUIRE(*pieces.next());
  CHECK(pieces.key() == "a");
  CHECK(*pieces.sort() == JsonPieces::Sort::object);
  REQUIRE(pieces.enter().has_value());
  REQUIRE(*pieces.next());
  CHECK(pieces.key() == "x");
  CHECK(*pieces.value() == "[1, [2], 3]");
  CHECK_FALSE(*pieces.next());
  REQUIRE(*pieces.next());
  CHECK(pieces.key() == "b");
  REQUIRE(pieces.enter().has_value());
  CHECK_FALSE(*pieces.next());
  REQUIRE(*pieces.next());
  CHECK(pieces.key() == "c");
  CHECK(*pieces.value() == "1");
  CHECK_FALSE(*pieces.next());
  CHECK(pieces.end().has_value());
}

TEST_CASE("json text: members and elements get a line each") {
  std::string out;
  data::append_indented(out, R"({"a":[1,{"b":"x,y:{\"}"}],"c":{},"d":[]})", 1);
  CHECK(out == R"({
    "a": [
      1,
      {
        "b": "x,y:{\"}"
      }
    ],
    "c": {},
    "d": []
  })");
}

}  // namespace aksmesh::test
