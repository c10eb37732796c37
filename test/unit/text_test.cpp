// SPDX-License-Identifier: Apache-2.0
// Text of strangers in the places where it could do harm.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "data/reader.hpp"
#include "data/yaml_text.hpp"
#include "report/render.hpp"

namespace aksmesh::test {
namespace {

const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> texts{"",
                                              "~",
                                              "null",
                                              "No",
                                              "on",
                                              "y",
                                              "12",
                                              "-1",
                                              "+1",
                                              ".5",
                                              ".5_0",
                                              "1_0.5e+3",
                                              "0x1_f",
                                              "017",
                                              "12:34:56",
                                              "1:30",
                                              "2026-01-02",
                                              "2026-01-02 03:04:05 +1",
                                              ".inf",
                                              "=",
                                              "<<",
                                              "---",
                                              "--- x",
                                              "...",
                                              "- a",
                                              "? a",
                                              ": a",
                                              "a: b",
                                              "a:",
                                              "a #b",
                                              "#a",
                                              "&a",
                                              "*a",
                                              "!a",
                                              "%a",
                                              "@a",
                                              "`a",
                                              "'a'",
                                              "\"a\"",
                                              "\\",
                                              "{a}",
                                              "[a]",
                                              " a",
                                              "a ",
                                              "a\nb",
                                              "a\n",
                                              "a\n\n\n",
                                              "\na",
                                              "a\n  b\n c",
                                              "  a\nb",
                                              "a\n  \nb",
                                              "a\r\nb",
                                              "a\tb",
                                              "\ta\nb",
                                              "a\n\tb",
                                              "\n",
                                              "\x01\x1b\x7f",
                                              "\u0085\u2028\u2029",
                                              "\uFEFFa",
                                              "\uFFFE\uFFFF",
                                              "☃ 😀",
                                              "a, b",
                                              "it's",
                                              "a\n# b\n--- c",
                                              "key: |\n  text"};
  return texts;
}

}  // namespace

TEST_CASE("yaml: every text is read back as it was, in every style") {
  for (const auto& text : hostile_texts()) {
    CAPTURE(text);
    for (const auto& scalar :
         {data::yaml_scalar(text), data::yaml_quoted(text), data::yaml_block(text, "    ")}) {
      const auto read = data::read_documents("a:\n  b: " + scalar + "\n  c: d\n", {});
      REQUIRE_MESSAGE(read.problems.empty(), scalar);
      const auto value = read.tree->document(0).at("a", "b");
      CHECK_MESSAGE(value.is_string(), scalar);
      CHECK_MESSAGE(value.text() == text, scalar);
      CHECK_MESSAGE(read.tree->document(0).at("a", "c").text() == "d", scalar);
    }
  }
  CHECK(data::yaml_scalar("networking.istio.io/v1") == "networking.istio.io/v1");
  CHECK(data::yaml_scalar("a\xFFz") == "\"a\uFFFDz\"");
}

TEST_CASE("yaml: nested and empty containers") {
  const auto document = nlohmann::ordered_json::parse(
      R"({"a":[],"b":{},"c":[[1,[2]],[],{}],"d":[{"e":[{"f":"x\ny\n"}],"g":true}],"h":1.5})");
  CHECK(report::to_yaml_text(document) ==
        "a: []\nb: {}\nc:\n  -\n    - 1\n    -\n      - 2\n  - []\n  - {}\n"
        "d:\n  - e:\n      - f: |\n          x\n          y\n    g: true\nh: 1.5\n");
}

TEST_CASE("printable: what a terminal would obey becomes visible, the rest stays") {
  CHECK(printable("a\x1b[31mb\nc\r\td\x07\x7f") == "a\\u001b[31mb\\nc\\r\\td\\u0007\\u007f");
  CHECK(printable("\u009b31m \u202Eabc \u2066") == "\\u009b31m \\u202eabc \\u2066");
  CHECK(printable("Grüße ☃ 😀 \\") == "Grüße ☃ 😀 \\");
  CHECK(printable("bad\xFF\x9b.yaml") == "bad\xFF\\u009b.yaml");
  CHECK(printable_line("\ta\x1b[0mü\r") == "\ta\uFFFD[0mü\uFFFD");
}

TEST_CASE("code points are taken off one by one") {
  std::string_view text = "a\u00e9\u2603\U0001F600\xff";
  std::vector<std::uint32_t> codes;
  while (!text.empty()) codes.push_back(take_code_point(text));
  CHECK(codes == std::vector<std::uint32_t>{'a', 0xe9, 0x2603, 0x1F600, 0xFFFD});
}

TEST_CASE("text: no name of the input reaches the terminal as a command") {
  report::FindingSet set;
  set.findings.push_back(
      {.code = "AKM2002",
       .message = "m\x1b]0;title\x07",
       .object = {.kind = "K\x1b[2J", .name = "n\n\u202E"},
       .where = {.file = "f\x1b[31m", .line = 1, .column = 3, .source_line = "a\x1b[5mb"},
       .remedy = {"r\x1b"}});
  set.unavailable.push_back({"w\x1b", "y\x1b"});
  set.unknown.push_back({.code = "AKM1", .why = "u\x1b", .object = {.kind = "K", .name = "\x1b"}});
  const auto text = report::render_text(set, {}, {}, report::Details::all);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\x07') == std::string::npos);
  CHECK(text.find("\u202E") == std::string::npos);
}

}  // namespace aksmesh::test
