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
}

TEST_CASE("an entry is taken out with its line, and only where nothing else stands on it") {
  CHECK(after("a: 1\nb: 2  # gone too\nc: 3\n", data::remove_entry, "b") == "a: 1\nc: 3\n");
  CHECK(after("a: {b: 2, c: 3}\n", data::remove_entry, "a.b") == "(none)");
  CHECK(after("a:\n  - b: 2\n", data::remove_entry, "a") == "(none)");
  CHECK(after("b: 2", data::remove_entry, "b").empty());
}

TEST_CASE("edits are settled: sorted, repeated ones once, overlapping ones dropped") {
  std::vector<TextEdit> edits{{5, 6, "y"}, {0, 2, "x"}, {0, 2, "x"}, {1, 3, "z"}};
  CHECK(data::settle_edits(edits) == 1);
  CHECK(edits == std::vector<TextEdit>{{0, 2, "x"}, {5, 6, "y"}});
  CHECK(data::apply_edits("0123456789", edits) == "x234y6789");
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
