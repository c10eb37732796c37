// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <doctest/doctest.h>

#include "data/reader.hpp"

namespace aksmesh::test {
namespace {

using data::Mark;
using data::NodeKind;
using data::Problem;

data::ReadResult read(std::string text, data::Limits limits = {}) {
  return data::read_documents(std::move(text), limits);
}

}  // namespace

TEST_CASE("reader: scalars mean what they mean to Kubernetes") {
  struct Row {
    const char* text;
    NodeKind kind;
  };
  for (const auto& row : {Row{"on", NodeKind::boolean},     Row{"yes", NodeKind::boolean},
                          Row{"n", NodeKind::boolean},      Row{"Off", NodeKind::boolean},
                          Row{"oN", NodeKind::string},      Row{"'on'", NodeKind::string},
                          Row{"\"1\"", NodeKind::string},   Row{"1", NodeKind::integer},
                          Row{"0x1F", NodeKind::integer},   Row{"010", NodeKind::integer},
                          Row{"1_000", NodeKind::integer},  Row{"1.5", NodeKind::floating},
                          Row{".5e3", NodeKind::floating},  Row{"1.2.3", NodeKind::string},
                          Row{"~", NodeKind::null},         Row{"null", NodeKind::null},
                          Row{"!!str 5", NodeKind::string}, Row{"2024-01-01", NodeKind::string},
                          Row{"1e", NodeKind::string},      Row{"-", NodeKind::string}}) {
    CAPTURE(row.text);
    const auto result = read(std::string("a: ") + row.text);
    if (std::string_view(row.text) == "-") continue;  // a dash alone opens a list
    REQUIRE(result.problems.empty());
    CHECK(result.tree->document(0)["a"].kind() == row.kind);
  }
  const auto numbers =
      read("a: 0x1F\nb: 010\nc: -9223372036854775808\nd: 9223372036854775808\ne: 1_000\n");
  const auto root = numbers.tree->document(0);
  CHECK(root["a"].as_int() == 31);
  CHECK(root["b"].as_int() == 8);
  CHECK(root["c"].as_int() == std::numeric_limits<std::int64_t>::min());
  CHECK_FALSE(root["d"].as_int().has_value());
  CHECK(root["e"].as_int() == 1000);
}

TEST_CASE("reader: a boolean key is text") {
  const auto result = read("on: 1\n'off': 2\n");
  CHECK(result.tree->document(0)["true"].as_int() == 1);
  CHECK(result.tree->document(0)["off"].as_int() == 2);
}

TEST_CASE("reader: every value keeps line, column, bytes and path") {
  const std::string text = "\xEF\xBB\xBF# Grüße\r\na:\r\n  - ü: \"x\"\r\n    b.c: 2\r\n";
  const auto result = read(text);
  REQUIRE(result.problems.empty());
  const auto root = result.tree->document(0);
  const auto value = root["a"].items().begin().operator*()["b.c"];
  CHECK(value.mark() == Mark{4, 10});
  CHECK(value.key().mark() == Mark{4, 5});
  CHECK(result.tree->source().substr(value.begin(), value.end() - value.begin()) == "2");
  CHECK(result.tree->path(root, value) == "a[0][\"b.c\"]");
  CHECK(result.tree->path(root, value.key()) == "a[0][\"b.c\"]");
}

TEST_CASE("reader: JSON and YAML give the same places") {
  const std::string text = "{\"a\": [{\"é\": true}, null, -1.5e3],\n \"b\": \"\\ud83d\\ude00\"}";
  const auto json = data::read_documents(text, {}, data::Format::json);
  REQUIRE(json.problems.empty());
  const auto root = json.tree->document(0);
  CHECK(root["b"].text() == "\xF0\x9F\x98\x80");
  CHECK(root["b"].mark() == Mark{2, 7});
  CHECK(root["a"].size() == 3);
  const auto yaml = data::read_documents("{\"a\": [{\"é\": true}, null, -1.5e3],\n \"b\": 1}", {},
                                         data::Format::yaml);
  CHECK(yaml.tree->document(0)["a"].items().begin().operator*()["é"].mark() ==
        root["a"].items().begin().operator*()["é"].mark());
}

TEST_CASE("reader: a broken document does not take the others with it") {
  const auto result = read("a: 1\n---\nb: [1\n---\nc: 3\n---\n\td: 4\n---\ne: 5\n");
  REQUIRE(result.problems.size() == 2);
  CHECK(result.problems[0].mark.line == 4);
  CHECK(result.problems[1].what.find("tab") != std::string::npos);
  CHECK(result.problems[1].mark.line == 7);
  REQUIRE(result.tree->document_count() == 3);
  CHECK(result.tree->document(1)["c"].mark() == Mark{5, 4});
  CHECK(result.tree->document(2)["e"].as_int() == 5);
}

TEST_CASE("reader: a duplicate key is a problem, the last value counts") {
  const auto result = read("a: 1\nb: 2\na: 3\n");
  REQUIRE(result.problems.size() == 1);
  CHECK(result.problems[0].kind == Problem::Kind::duplicate_key);
  CHECK(result.problems[0].mark == Mark{3, 1});
  CHECK_FALSE(result.problems[0].document_lost);
  CHECK(result.tree->document(0)["a"].as_int() == 3);
  CHECK(result.tree->document(0).size() == 2);
  std::string many;
  for (int i = 0; i < 40; ++i)
    many += "k" + std::to_string(i % 39) + ": " + std::to_string(i) + "\n";
  const auto large = read(many);
  CHECK(large.problems.size() == 1);
  CHECK(large.tree->document(0)["k0"].as_int() == 39);
}

TEST_CASE("reader: anchors, aliases and merge keys") {
  const auto result = read("base: &b {p: 1, q: 2}\nuse:\n  <<: *b\n  q: 3\nagain: *b\n");
  REQUIRE(result.problems.empty());
  const auto root = result.tree->document(0);
  CHECK(root.at("use", "p").as_int() == 1);
  CHECK(root.at("use", "q").as_int() == 3);
  CHECK(root["use"].size() == 2);
  CHECK(root.at("again", "q").as_int() == 2);
  CHECK(root["again"].mark() == Mark{5, 8});
  CHECK(read("a: &a [*a]\n").problems.size() == 1);
  CHECK(read("a: *nowhere\n").problems.size() == 1);
}

TEST_CASE("reader: limits stop what would eat memory") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const auto name = "a" + std::to_string(i);
    const auto before = "*a" + std::to_string(i - 1);
    bomb += name + ": &" + name + " [" + before;
    for (int k = 0; k < 9; ++k) bomb += ", " + before;
    bomb += "]\n";
  }
  const auto exploded = read(bomb);
  REQUIRE(exploded.problems.size() == 1);
  CHECK(exploded.problems[0].kind == Problem::Kind::limit);
  CHECK(exploded.problems[0].what.find("expansion") != std::string::npos);
  for (const char* open : {"[", "{\"a\":"}) {
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += open;
    const auto nested = read(deep);
    REQUIRE(!nested.problems.empty());
    CHECK(nested.problems[0].kind == Problem::Kind::limit);
    CHECK(nested.problems[0].what.find("depth") != std::string::npos);
  }
  CHECK(read("a: " + std::string(100, 'x'), {.scalar = 99}).problems.at(0).what.find("scalar") !=
        std::string::npos);
  CHECK(
      read("a: " + std::string(100, 'x'), {.document = 99}).problems.at(0).what.find("document") !=
      std::string::npos);
}

TEST_CASE("reader: what is no text is told with its place") {
  CHECK(read(std::string("a: 1\nb: \0x\n", 11)).problems.at(0).mark == Mark{2, 4});
  CHECK(read("a: 1\nb: \xFF\n").problems.at(0).kind == Problem::Kind::encoding);
  CHECK(read("\x7F"
             "ELF\x02\x01\x01")
            .problems.at(0)
            .kind == Problem::Kind::encoding);
}

TEST_CASE(
    "reader: a character that YAML refuses is told in its place, the documents around it stay") {
  for (const char* bad : {"\x01", "\x7F", "\xC2\x80", "\xC2\x9F", "\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
    CAPTURE(bad);
    const auto result = read(std::string("a: 1\n---\nb: 2\n---\nc: é'") + bad +
                             "'\nd: [\n---\ne: 5\n---\nf: \"" + bad + "\"\n--- # last\ng: 7\n");
    REQUIRE(result.problems.size() == 2);
    CHECK(result.problems[0].kind == Problem::Kind::encoding);
    CHECK(result.problems[0].mark == Mark{5, 6});
    CHECK(result.problems[1].mark == Mark{10, 5});
    REQUIRE(result.tree->document_count() == 4);
    CHECK(result.tree->document(1)["b"].mark() == Mark{3, 4});
    CHECK(result.tree->document(2)["e"].as_int() == 5);
    CHECK(result.tree->document(3)["g"].mark() == Mark{12, 4});
  }
  CHECK(read("a: \xC2\x85\nb: \xC2\xA0\xEE\x80\x80\n").problems.empty());
  // In JSON they are letters like others.
  CHECK(read("{\"a\": \"\x7F\xC2\x80\xEF\xBF\xBF\"}").problems.empty());
  CHECK(read("{\"a\": \"\x01\"}").problems.at(0).kind == Problem::Kind::encoding);
}

TEST_CASE("reader: places and paths in long lines and long lists") {
  std::string text = "{\"list\":[";
  constexpr std::uint32_t kItems = 1000;
  for (std::uint32_t i = 0; i < kItems; ++i)
    text +=
        (i == 0 ? "" : ",") + std::string("{\"é\":[1,2],\"b\":\"") + std::to_string(i % 10) + "\"}";
  text += "],\"map\":{";
  for (std::uint32_t i = 0; i < kItems; ++i)
    text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":[0]";
  text += "}}";
  const auto result = read(text);
  REQUIRE(result.problems.empty());
  const auto root = result.tree->document(0);
  std::uint32_t at = 0;
  for (const auto item : root["list"].items()) {
    // Twenty characters an item, one of them of two bytes.
    CHECK(item["b"].mark() == Mark{1, 10 + at * 20 + 15});
    CHECK(result.tree->path(root, item["b"]) == "list[" + std::to_string(at++) + "].b");
  }
  at = 0;
  for (const auto [key, value] : root["map"].entries()) {
    const auto name = "map.k" + std::to_string(at++);
    CHECK(result.tree->path(root, key) == name);
    CHECK(result.tree->path(root, *value.items().begin()) == name + "[0]");
  }
}

TEST_CASE("reader: an anchor that is given again, and merges of many entries") {
  const auto again = read("a: &x 1\nb: *x\nc: &x 2\nd: *x\n");
  CHECK(again.tree->document(0)["b"].text() == "1");
  CHECK(again.tree->document(0)["d"].text() == "2");
  std::string text = "m0: &m0 {own: 0, k0: 0}\n";
  for (int i = 1; i < 100; ++i) {
    const auto name = "m" + std::to_string(i);
    text += name + ": &" + name + " {<<: [*m" + std::to_string(i - 1) +
            ", *m0], own: " + std::to_string(i) + ", k" + std::to_string(i) + ": 0}\n";
  }
  const auto result = read(text);
  REQUIRE(result.problems.empty());
  const auto last = result.tree->document(0)["m99"];
  CHECK(last.size() == 101);
  CHECK(last["own"].as_int() == 99);
  CHECK(last["k0"].as_int() == 0);
  // What is merged counts as often as it is merged.
  std::string many = "base: &b {";
  for (int i = 0; i < 1000; ++i) many += "k" + std::to_string(i) + ": 1, ";
  many += "}\nlist:\n";
  for (int i = 0; i < 1000; ++i) many += "- {<<: *b}\n";
  CHECK(read(many).problems.at(0).kind == Problem::Kind::limit);
}

TEST_CASE("reader: UTF-16 with a mark, as PowerShell writes it") {
  std::string text = "\xFF\xFE";
  for (const char c : std::string("a: 1\n")) {
    text += c;
    text += '\0';
  }
  const auto result = read(text);
  REQUIRE(result.problems.empty());
  CHECK(result.tree->document(0)["a"].as_int() == 1);
}

TEST_CASE("reader: an answer may have more nodes than a document of a user") {
  std::string text = "[0";
  for (int i = 0; i < 1'000'000; ++i) text += ",0";
  const auto answer = data::read_answer(text + ']');
  CHECK(answer.problems.empty());
  CHECK(answer.only_document().size() == 1'000'001);
  CHECK_FALSE(data::read_documents(text + ']', {}, data::Format::json).problems.empty());
}

TEST_CASE("reader: broken JSON in several ways") {
  for (const char* text :
       {"{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "[1,]", "{\"a\":tru}", "\"a",
        "{\"a\":\"\\q\"}", "{\"a\":01}", "[1 2]", "{\"a\":\"x\n\"}"}) {
    CAPTURE(text);
    const auto result = data::read_documents(text, {}, data::Format::json);
    REQUIRE(result.problems.size() == 1);
    CHECK(result.problems[0].document_lost);
    CHECK(result.tree->document_count() == 0);
  }
}

TEST_CASE("reader: YAML in a literal block keeps the places of the file around it") {
  const auto outer = read("data:\n  mesh: |\n\n    a:\n      b: 1\n  flow: \"a: 2\"\n");
  const auto root = outer.tree->document(0);
  const auto inner = data::read_embedded(root.at("data", "mesh"), "data.mesh", {});
  const auto value = inner.tree->document(0).at("a", "b");
  CHECK(value.mark() == Mark{5, 10});
  CHECK(inner.tree->path(inner.tree->document(0), value) == "data.mesh.a.b");
  const auto flow = data::read_embedded(root.at("data", "flow"), "data.flow", {});
  CHECK(flow.tree->document(0)["a"].mark() == Mark{6, 9});
}

}  // namespace aksmesh::test
