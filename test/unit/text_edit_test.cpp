// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "data/reader.hpp"
#include "data/text_edit.hpp"

namespace aksmesh::test {
namespace {

using data::TextEdit;

data::ReadResult read(const std::string& text) {
  return data::read_documents(text, data::Limits{}, data::Format::by_content);
}

std::string after(const std::string& text, std::optional<TextEdit> (*edit)(const data::Node&),
                  std::string_view path) {
  const auto result = read(text);
  auto node = result.tree->document(0);
  while (!path.empty()) {
    const auto dot = path.find('.');
    node = node[path.substr(0, dot)];
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  const auto made = edit(node);
  return made ? data::apply_edits(text, {*made}) : "(none)";
}

std::optional<TextEdit> to_external(const data::Node& node) {
  return data::replace_scalar(node, "external");
}
std::optional<TextEdit> to_number(const data::Node& node) {
  return data::replace_scalar(node, "1");
}
std::optional<TextEdit> to_rev(const data::Node& node) {
  return data::rename_key(node, "istio.io/rev");
}

std::optional<TextEdit> to_percentage(const data::Node& node) {
  return data::wrap_value(node, "percentage", "value");
}

}  // namespace

TEST_CASE("edits of values keep the style and all that stands around them") {
  CHECK(after("a: {b: old}  # why\nc: 1\n", to_external, "a.b") ==
        "a: {b: external}  # why\nc: 1\n");
  CHECK(after("a:\n  b: 'old'\n", to_external, "a.b") == "a:\n  b: 'external'\n");
  CHECK(after("a: \"old\"\n", to_external, "a") == "a: \"external\"\n");
  CHECK(after("{\"a\": \"old\"}", to_external, "a") == "{\"a\": \"external\"}");
  CHECK(after("a: old\r\nb: 1\r\n", to_external, "a") == "a: external\r\nb: 1\r\n");
  // What would be read as a number has to be quoted.
  CHECK(after("a: old\n", to_number, "a") == "a: \"1\"\n");
  CHECK(after("a: |\n  old\n", to_external, "a") == "(none)");
}

TEST_CASE("edits of keys") {
  CHECK(after("labels:\n    istio-injection: enabled # on\n", to_rev, "labels.istio-injection") ==
        "labels:\n    istio.io/rev: enabled # on\n");
  CHECK(after("{\"istio-injection\": \"enabled\"}", to_rev, "istio-injection") ==
        "{\"istio.io/rev\": \"enabled\"}");
}

TEST_CASE("a value moves one level down") {
  CHECK(after("delay:\n  percent: 5  # some\n  fixedDelay: 1s\n", to_percentage, "delay.percent") ==
        "delay:\n  percentage: {value: 5}  # some\n  fixedDelay: 1s\n");
  CHECK(after("{\"percent\": 5}", to_percentage, "percent") == "{\"percentage\": {\"value\": 5}}");
  CHECK(after("percent: {a: 1}\n", to_percentage, "percent") == "(none)");
  CHECK(after("percent: 5, or so\n", to_percentage, "percent") == "(none)");
  CHECK(after("percent: :\"5\n", to_percentage, "percent") == "(none)");
  CHECK(after("? percent\n: 5\n", to_percentage, "percent") == "(none)");
}

TEST_CASE("an entry is taken out with its line, and only where nothing else stands on it") {
  CHECK(after("a: 1\nb: 2  # gone too\nc: 3\n", data::remove_entry, "b") == "a: 1\nc: 3\n");
  CHECK(after("a:\n  - b: 2\n", data::remove_entry, "a") == "(none)");
  CHECK(after("b: 2", data::remove_entry, "b").empty());
  CHECK(after("a: 1\n?\n  b\n: 2\n", data::remove_entry, "b") == "(none)");
  CHECK(after("b: |\n  text\n# about c\nc: 1\n", data::remove_entry, "b") == "(none)");
}

TEST_CASE("an entry in flow style is taken out with its comma") {
  const auto without_b = [](const std::string& text) {
    return after(text, data::remove_entry, "m.b");
  };
  CHECK(without_b("m: {b: 2, c: 3}\n") == "m: {c: 3}\n");
  CHECK(without_b("m: {a: 1, b: 2, c: 3}\n") == "m: {a: 1, c: 3}\n");
  CHECK(without_b("m: {a: 1, b: 2}\n") == "m: {a: 1}\n");
  CHECK(without_b("m: { b: 2 } # why\n") == "m: {} # why\n");
  CHECK(without_b("m: {a: 1, b: 2,}\n") == "m: {a: 1, }\n");
  CHECK(without_b("m: {a: 1, b: 2,\n  c: 3}\n") == "m: {a: 1,\n  c: 3}\n");
  CHECK(without_b("m: {a: 1\n  , b: 2\n  , c: 3}\n") == "m: {a: 1\n  , c: 3}\n");
  CHECK(without_b(R"({"m":{"a":"1","b":"2"}})") == R"({"m":{"a":"1"}})");
  CHECK(without_b("{\"m\": {\n  \"a\": \"1\",\n  \"b\": \"2\"\n}}\n") ==
        "{\"m\": {\n  \"a\": \"1\"\n}}\n");
  CHECK(without_b("{\"m\": {\n  \"b\": \"2\",\n  \"c\": \"3\"\n}}\n") ==
        "{\"m\": {\n  \"c\": \"3\"\n}}\n");
  CHECK(without_b("{\"m\": {\n  \"b\": \"2\"\n}}\n") == "{\"m\": {}}\n");
  CHECK(without_b("m: {\n  a: 1, # one, two\n  b: 2 # gone\n}\n") == "(none)");
  CHECK(without_b("m: {\n  b: 2, # gone\n  c: 3\n}\n") == "m: {\n  c: 3\n}\n");
  CHECK(without_b("m: {\n  # kept,\n  b: 2\n}\n") == "(none)");
}

TEST_CASE("what has an anchor or a tag, or came in through an alias, is not edited") {
  for (const char* text :
       {"a: &x old\nb: *x\n", "a: !!str old\n", "c: &x old\na: *x\n", "&x a: old\nb: *x\n"}) {
    CAPTURE(text);
    const bool key_only = std::string_view(text).starts_with("&x");
    if (!key_only) CHECK(after(text, to_external, "a") == "(none)");
    if (key_only) CHECK(after(text, to_rev, "a") == "(none)");
    CHECK(after(text, to_percentage, "a") == "(none)");
    CHECK(after(text, data::remove_entry, "a") == "(none)");
  }
  CHECK(after("a:\nb: 1\n", to_external, "a") == "(none)");
  CHECK(after("a: &x old\n", to_rev, "a") == "istio.io/rev: &x old\n");
}

TEST_CASE("what a merge key brought in is not edited") {
  for (const char* text : {"c: &x {a: 1}\nm:\n  <<: *x\n", "m:\n  <<: {a: 1}\n",
                           "m:\n  <<:\n    \"a\": \"1\"", "m:\n  <<: [{a: 1}, {b: 1}]\n"}) {
    CAPTURE(text);
    CHECK(after(text, to_external, "m.a") == "(none)");
    CHECK(after(text, to_rev, "m.a") == "(none)");
    CHECK(after(text, to_percentage, "m.a") == "(none)");
    CHECK(after(text, data::remove_entry, "m.a") == "(none)");
  }
}

TEST_CASE("a value is read once when no anchor and no alias is on the way to it") {
  const auto once = [](const std::string& text) {
    const auto result = read(text);
    const auto root = result.tree->document(0)["root"];
    return data::is_read_once(root, root.at("labels", "a"));
  };
  CHECK(once("root: {labels: {a: 1}}\n"));
  CHECK(once("root:\n  other: &x [1]\n  labels:\n    b: *x\n    a: 1\n"));
  CHECK_FALSE(once("root:\n  labels: &x\n    a: 1\n"));
  CHECK_FALSE(once("root: &x\n  labels:\n    a: 1\n"));
  CHECK_FALSE(once("l: &x {a: 1}\nroot:\n  labels: *x\n"));
  CHECK_FALSE(once("l: &x {labels: {a: 1}}\nroot: *x\n"));
  CHECK_FALSE(once("l: &x {labels: {a: 1}}\nroot:\n  <<: *x\n"));
  CHECK_FALSE(once("root:\n  <<: {labels: {a: 1}}\n"));
  const auto list = read("- {a: 1}\n- [{a: 2}, {a: 3}]\n");
  const auto root = list.tree->document(0);
  auto inner = (*++root.items().begin()).items().begin();
  CHECK(data::is_read_once(root, (*++inner)["a"]));
}

TEST_CASE("repairs are settled: made as a whole or not at all, in the order of the text") {
  const auto settled = data::settle_repairs(
      {{{5, 6, "y"}}, {{0, 2, "x"}}, {{0, 2, "x"}}, {{8, 9, "z"}, {1, 3, "z"}}});
  CHECK(settled.dropped == 1);
  CHECK(settled.edits == std::vector<TextEdit>{{0, 2, "x"}, {5, 6, "y"}});
  CHECK(data::apply_edits("0123456789", settled.edits) == "x234y6789");
  CHECK(data::settle_repairs({{{0, 2, "x"}}, {{0, 2, "y"}}}).dropped == 1);
  CHECK(data::settle_repairs({{{2, 4, "x"}}, {{0, 9, "y"}}}).dropped == 1);
  CHECK(data::settle_repairs({{{0, 9, "x"}}, {{2, 4, "y"}}}).dropped == 1);
  CHECK(data::settle_repairs({{{0, 2, "x"}}, {{2, 4, "y"}}}).dropped == 0);
}

TEST_CASE("edits as a unified diff") {
  std::string text;
  for (int i = 1; i <= 30; ++i) text += "line " + std::to_string(i) + '\n';
  const auto at = [&](const std::string& word) {
    return static_cast<std::uint32_t>(text.find(word));
  };
  const std::vector<TextEdit> edits{{at("line 2\n"), at("line 3\n"), ""},
                                    {at("line 5\n"), at("line 5\n") + 4, "LINE"},
                                    {at("30"), at("30") + 2, "thirty"}};
  CHECK(data::edits_as_diff("f.yaml", text, edits) ==
        "--- f.yaml\n+++ f.yaml\n"
        "@@ -1,8 +1,7 @@\n line 1\n-line 2\n line 3\n line 4\n-line 5\n+LINE 5\n line 6\n line 7\n"
        " line 8\n"
        "@@ -27,4 +26,4 @@\n line 27\n line 28\n line 29\n-line 30\n+line thirty\n");
  CHECK(data::edits_as_diff("f.yaml", text, {}).empty());
  CHECK(data::edits_as_diff("g", "a", {{0, 1, "b"}}) ==
        "--- g\n+++ g\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end "
        "of file\n");
}

}  // namespace aksmesh::test
