// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <map>

#include "base/strings.hpp"
#include "checks/check.hpp"
#include "data/reader.hpp"
#include "kube/json_of.hpp"
#include "kube/trimmed.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

using Json = nlohmann::ordered_json;
const std::set<std::string> kTrimmed{"Pod", "CustomResourceDefinition"};

std::string list_of(const Json& items) {
  return Json{{"kind", "List"}, {"apiVersion", "v1"}, {"items", items}}.dump();
}

std::string lean(const Json& items, const std::string& kind) {
  auto read = data::read_documents(list_of(items), data::Limits{}, data::Format::json);
  const kube::ListWish wish{.resource = {.kind = kind}, .depth = kube::ListWish::Depth::lean};
  return std::string(kube::trimmed(std::move(read.tree), wish)->source());
}

/// A case's inputs, those kinds in files of their own.
struct Inputs {
  std::map<std::string, std::string> rest;
  std::map<std::string, Json> trimmed;  ///< by kind
};

Inputs inputs_of(const std::string& folder) {
  Inputs out;
  for (const auto& path : source_files(folder)) {
    if (path.ends_with("expect.json")) continue;
    auto text = read_source_file(path);
    const auto name = path.substr(path.rfind('/') + 1);
    const auto read = data::read_documents(text, data::Limits{}, data::Format::by_content);
    Json others = Json::array();
    bool any = false;
    for (std::size_t i = 0; i < read.tree->document_count(); ++i) {
      auto object = kube::json_of(read.tree->document(i));
      const auto kind = object.is_object() ? object.value("kind", Json("")) : Json("");
      if (kind.is_string() && kTrimmed.contains(kind.get<std::string>())) {
        out.trimmed[kind.get<std::string>()].push_back(std::move(object));
        any = true;
      } else {
        others.push_back(std::move(object));
      }
    }
    out.rest[name] = any ? list_of(others) : std::move(text);
  }
  return out;
}

/// What is told, without lines: those of another text are others.
Json told(FakeWorld& world, const std::string& code, const Json& arguments) {
  std::vector<std::string> args{"aksmesh", "analyze", "-o", "json", "--only", code};
  for (const auto& each : arguments) args.push_back(each.get<std::string>());
  for (const auto& [name, text] : world.files.content) args.push_back(name);
  world.run(args);
  auto document = Json::parse(world.out.text, nullptr, false);
  if (document.is_discarded()) return world.err.text;
  for (auto& finding : document["findings"])
    if (finding.contains("where")) {
      finding["where"].erase("line");
      finding["where"].erase("column");
      finding.erase("fingerprint");
    }
  return {{"findings", document["findings"]}, {"unknown", document["unknown"]}};
}

}  // namespace

TEST_CASE("law: nothing that a check reads is trimmed off the lists of a live cluster") {
  std::set<std::string> folders;
  for (const auto& path : source_files("test/checks"))
    if (path.ends_with("expect.json")) folders.insert(path.substr(0, path.rfind('/') + 1));
  int compared = 0;
  for (const auto& folder : folders) {
    const auto inputs = inputs_of(folder);
    if (inputs.trimmed.empty()) continue;
    const std::string code(split(folder, '/')[2]);
    const auto* known = checks::find_code(code);
    if (known == nullptr || !checks::is_built(*known)) continue;
    CAPTURE(folder);
    const auto arguments =
        Json::parse(read_source_file(folder + "expect.json")).value("args", Json::array());
    FakeWorld whole;
    FakeWorld little;
    whole.files.content = little.files.content = inputs.rest;
    for (const auto& [kind, items] : inputs.trimmed) {
      whole.files.content[kind + ".json"] = list_of(items);
      little.files.content[kind + ".json"] = lean(items, kind);
    }
    CHECK(told(little, code, arguments) == told(whole, code, arguments));
    ++compared;
  }
  CHECK(compared > 50);
}

TEST_CASE("trimmed: goes without bookkeeping, lean also without what is large") {
  const std::string text =
      R"({"kind":"PodList","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"a",)"
      R"("managedFields":[{"manager":"x"}],"annotations":{"kubectl.kubernetes.io/)"
      R"(last-applied-configuration":"{}","kept":"yes"}},"spec":{"containers":[{"name":"app",)"
      R"("env":[{"name":"A","value":"1"}]}]}}]})";
  const auto trim = [&](const std::string& kind, kube::ListWish::Depth depth) {
    auto read = data::read_documents(text, data::Limits{}, data::Format::json);
    return std::string(
        kube::trimmed(std::move(read.tree), {.resource = {.kind = kind}, .depth = depth})
            ->source());
  };
  const std::string head =
      R"({"kind":"PodList","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"a",)"
      R"("annotations":{"kept":"yes"}},"spec":{"containers":[{"name":"app")";
  CHECK(trim("Pod", kube::ListWish::Depth::lean) == head + "}]}}]}");
  CHECK(trim("Pod", kube::ListWish::Depth::whole) ==
        head + R"(,"env":[{"name":"A","value":"1"}]}]}}]})");
  CHECK(trim("ConfigMap", kube::ListWish::Depth::lean) == text);
}

}  // namespace aksmesh::test
