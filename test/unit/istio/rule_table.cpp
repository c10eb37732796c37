// SPDX-License-Identifier: Apache-2.0
#include "unit/istio/rule_table.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "base/strings.hpp"
#include "istio/validation/validate.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

using namespace istio::validation;

std::vector<std::string> lines_of(const kube::Object& object, const Problems& problems) {
  std::vector<std::string> out;
  for (const auto& problem : problems.all()) {
    CHECK_FALSE(problem.text.empty());
    out.push_back((problem.severity == Severity::warning ? "W " : "") + std::string(problem.rule) +
                  ' ' + path_of(object, problem));
  }
  std::sort(out.begin(), out.end());
  return out;
}

void check_document(const std::string& text, std::vector<std::string> expected,
                    void (*rules)(const kube::Object&, Problems&)) {
  CAPTURE(text);
  FakeWorld world;
  world.files.content["a.yaml"] = text;
  const auto manifests = kube::read_manifests(world.files, {"a.yaml"}, {});
  REQUIRE(manifests.objects.size() == 1);
  Problems problems;
  rules(manifests.objects.front(), problems);
  std::sort(expected.begin(), expected.end());
  const auto got = lines_of(manifests.objects.front(), problems);
  CHECK_MESSAGE(got == expected, "got ", join(got, "; "), "\n  expected ", join(expected, "; "));
}

std::string_view group_of(std::string_view kind) {
  if (kind == "WasmPlugin") return "extensions.istio.io";
  if (kind == "Telemetry") return "telemetry.istio.io";
  if (kind == "AuthorizationPolicy" || kind.ends_with("Authentication")) return "security.istio.io";
  return "networking.istio.io";
}

}  // namespace

void check_rules(std::string_view kind, const std::vector<RuleRow>& rows) {
  for (const auto& [yaml, problems] : rows)
    check_document(
        "apiVersion: " + std::string(group_of(kind)) + "/v1\nkind: " + std::string(kind) +
            "\nmetadata: {name: x, namespace: a}\nspec: " + yaml + '\n',
        problems, [](const kube::Object& object, Problems& out) { validate(object, out); });
}

void check_metadata_rules(const std::vector<RuleRow>& rows) {
  for (const auto& [yaml, problems] : rows) check_document(yaml, problems, validate_metadata);
}

}  // namespace aksmesh::test
