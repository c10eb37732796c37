// SPDX-License-Identifier: Apache-2.0
// Runs every test/checks/CODE/CASE: the inputs beside expect.json are analyzed with that code only.
#include <algorithm>
#include <map>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "checks/check.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

using Json = nlohmann::json;

struct Case {
  std::string code;
  std::string name;
  std::vector<std::string> inputs;
};

std::map<std::string, Case> find_cases() {
  std::map<std::string, Case> cases;
  for (const auto& path : source_files("test/checks")) {
    const auto parts = split(path, '/');
    if (parts.size() != 5) continue;
    auto& one = cases[std::string(parts[2]) + '/' + std::string(parts[3])];
    one.code = parts[2];
    one.name = parts[3];
    if (parts[4] != "expect.json") one.inputs.emplace_back(parts[4]);
  }
  return cases;
}

std::string row(const Json& finding) {
  const auto object = finding.value("object", Json::object());
  const auto where = finding.value("where", Json::object());
  std::string text = object.value("kind", "");
  if (object.contains("name"))
    text += ' ' +
            (object.contains("namespace") ? object["namespace"].get<std::string>() + '/'
                                          : std::string{}) +
            object["name"].get<std::string>();
  return finding.value("severity", "") + " | " + text + " | " + where.value("file", "input.yaml") +
         ':' + std::to_string(where.value("line", 0)) + " | " + where.value("path", "");
}

std::string expected_row(const Json& finding) {
  return finding.value("severity", "") + " | " + finding.value("object", "") + " | " +
         finding.value("file", "input.yaml") + ':' + std::to_string(finding.value("line", 0)) +
         " | " + finding.value("path", "");
}

void run_case(const std::string& id, const Case& one) {
  CAPTURE(id);
  const auto folder = "test/checks/" + id + '/';
  const auto expected = Json::parse(read_source_file(folder + "expect.json"));
  FakeWorld world;
  std::vector<std::string> args{"aksmesh", "analyze", "-o", "json", "--only", one.code};
  for (const auto& arg : expected.value("args", Json::array()))
    args.push_back(arg.get<std::string>());
  for (const auto& input : one.inputs) {
    world.files.content[input] = read_source_file(folder + input);
    args.push_back(input);
  }
  const int code = world.run(args);
  REQUIRE_MESSAGE((code == 0 || code == 3 || code == 5), world.err.text);
  const auto document = Json::parse(world.out.text);
  std::multiset<std::string> got;
  std::multiset<std::string> wanted;
  for (const auto& finding : document["findings"]) {
    CHECK_MESSAGE(finding["code"] == one.code, finding.dump());
    CHECK_MESSAGE(finding["message"].get<std::string>().find('{') == std::string::npos,
                  finding["message"].dump());
    got.insert(row(finding));
  }
  for (const auto& finding : expected["findings"]) wanted.insert(expected_row(finding));
  CHECK_MESSAGE(got == wanted, [&] {
    std::string text;
    for (const auto& line : got) text += "\n  got    " + line;
    for (const auto& line : wanted) text += "\n  wanted " + line;
    return text;
  }());
  const auto& unknown = document["unknown"];
  const bool any_unknown = std::any_of(unknown.begin(), unknown.end(),
                                       [](const Json& item) { return !item.contains("reach"); });
  CHECK(any_unknown == expected.value("unknown", false));
}

}  // namespace

TEST_CASE("checks: every case") {
  const auto cases = find_cases();
  CHECK(cases.size() > 0);
  std::set<std::string> waiting;
  for (const auto& [id, one] : cases) {
    // Cases are written before their rule; until it is built they wait, and that is said.
    const auto* code = checks::find_code(one.code);
    if (code != nullptr && checks::is_built(*code))
      run_case(id, one);
    else
      waiting.insert(one.code);
  }
  std::string list;
  for (const auto& code : waiting) list += ' ' + code;
  if (!waiting.empty()) MESSAGE("cases that wait for their rule:", list);
}

TEST_CASE("law: every built check has a firing and a silent case, and no case is an orphan") {
  std::map<std::string, std::pair<bool, bool>> seen;  // firing, silent
  for (const auto& [name, one] : find_cases()) {
    const std::string id = name;
    CAPTURE(id);
    const auto* code = checks::find_code(one.code);
    REQUIRE(code != nullptr);
    const auto expected = Json::parse(read_source_file("test/checks/" + id + "/expect.json"));
    auto& pair = seen[one.code];
    // Some rules can only ever be unknown from files: asking is then what they do instead of
    // firing.
    (expected["findings"].empty() && !expected.value("unknown", false) ? pair.second : pair.first) =
        true;
  }
  for (const auto* check : checks::catalogue()) {
    for (const auto* code : checks::codes_of(*check)) {
      CHECK_MESSAGE(seen[std::string(code->code)].first, "no firing case for ", code->code);
      CHECK_MESSAGE(seen[std::string(code->code)].second, "no silent case for ", code->code);
    }
  }
}

}  // namespace aksmesh::test
