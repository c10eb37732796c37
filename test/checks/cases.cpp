// SPDX-License-Identifier: Apache-2.0
// Runs every test/checks/CODE/CASE: the inputs beside expect.json are analyzed with that code only.
// A finding is compared by severity, object, place and path; `column` and `message` (a part of it)
// where the case names them. `unknown` is true, or a list of objects with a part of the reason. The
// exit code follows from the severities.
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

std::string object_text(const Json& item) {
  const auto object = item.value("object", Json::object());
  std::string text = object.value("kind", "");
  if (object.contains("name"))
    text += ' ' +
            (object.contains("namespace") ? object["namespace"].get<std::string>() + '/'
                                          : std::string{}) +
            object["name"].get<std::string>();
  return text;
}

std::string row(const Json& finding) {
  const auto where = finding.value("where", Json::object());
  return finding.value("severity", "") + " | " + object_text(finding) + " | " +
         where.value("file", "input.yaml") + ':' + std::to_string(where.value("line", 0)) + " | " +
         where.value("path", "");
}

std::string expected_row(const Json& finding) {
  return finding.value("severity", "") + " | " + finding.value("object", "") + " | " +
         finding.value("file", "input.yaml") + ':' + std::to_string(finding.value("line", 0)) +
         " | " + finding.value("path", "");
}

bool holds(const Json& item, const char* member, const std::string& part) {
  return item.value(member, "").find(part) != std::string::npos;
}

/// What a case tells of a finding beyond its row.
bool details_fit(const Json& finding, const Json& expected) {
  if (row(finding) != expected_row(expected)) return false;
  if (expected.contains("column") &&
      finding["where"].value("column", 0) != expected["column"].get<int>())
    return false;
  return holds(finding, "message", expected.value("message", ""));
}

void check_details(const Json& findings, const Json& expected) {
  for (const auto& one : expected) {
    const bool fits = std::any_of(findings.begin(), findings.end(),
                                  [&](const Json& finding) { return details_fit(finding, one); });
    CHECK_MESSAGE(fits, "wanted ", one.dump(), "\n  got ", findings.dump());
  }
}

/// `expected`: whether anything is unknown, or what and why.
void check_unknown(const Json& document, const Json& expected) {
  Json unknown = Json::array();
  for (const auto& item : document["unknown"])
    if (!item.contains("reach")) unknown.push_back(item);
  if (expected.is_boolean()) {
    CHECK_MESSAGE(!unknown.empty() == expected.get<bool>(), unknown.dump());
    return;
  }
  CHECK_MESSAGE(unknown.size() == expected.size(), unknown.dump());
  for (const auto& one : expected) {
    const bool told = std::any_of(unknown.begin(), unknown.end(), [&](const Json& item) {
      return object_text(item) == one.value("object", "") &&
             holds(item, "why", one.value("why", ""));
    });
    CHECK_MESSAGE(told, "wanted ", one.dump(), "\n  got ", unknown.dump());
  }
}

/// The exit code that a document must have come with, while nobody moves the threshold.
int code_of(const Json& document) {
  const auto& findings = document["findings"];
  if (std::any_of(findings.begin(), findings.end(), [](const Json& finding) {
        return finding["severity"] == "error" && finding["suppressed"] == false;
      }))
    return 3;
  const auto& unknown = document["unknown"];
  const bool offline =
      !unknown.empty() && std::all_of(unknown.begin(), unknown.end(),
                                      [](const Json& item) { return item.contains("reach"); });
  return document["complete"] == true && !offline ? 0 : 5;
}

/// A policy without the rule reports nothing of it, whoever asks for everything.
void check_absent(FakeWorld& world, const std::vector<std::string>& args, const std::string& code) {
  world.run(args);
  CHECK_MESSAGE(world.out.text.find('"' + code + '"') == std::string::npos, world.out.text);
}

void run_case(const std::string& id, const Case& one) {
  CAPTURE(id);
  const auto folder = "test/checks/" + id + '/';
  const auto expected = Json::parse(read_source_file(folder + "expect.json"));
  FakeWorld world;
  std::vector<std::string> args{"aksmesh", "analyze", "-o", "json"};
  for (const auto& arg : expected.value("args", Json::array()))
    args.push_back(arg.get<std::string>());
  for (const auto& input : one.inputs) {
    world.files.content[input] = read_source_file(folder + input);
    args.push_back(input);
  }
  auto only = args;
  only.insert(only.end(), {"--only", one.code});
  const int code = world.run(only);
  if (world.err.text.find("it is no rule of the policy") != std::string::npos)
    return check_absent(world, args, one.code);
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
  check_details(document["findings"], expected["findings"]);
  check_unknown(document, expected.value("unknown", Json(false)));
  CHECK(code == code_of(document));
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
    const auto unknown = expected.value("unknown", Json(false));
    const bool asks = unknown.is_boolean() ? unknown.get<bool>() : !unknown.empty();
    (expected["findings"].empty() && !asks ? pair.second : pair.first) = true;
  }
  for (const auto* check : checks::catalogue()) {
    for (const auto* code : checks::codes_of(*check)) {
      CHECK_MESSAGE(seen[std::string(code->code)].first, "no firing case for ", code->code);
      CHECK_MESSAGE(seen[std::string(code->code)].second, "no silent case for ", code->code);
    }
  }
}

}  // namespace aksmesh::test
