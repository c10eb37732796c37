// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

constexpr const char* kFix = "aksmesh analyze --only AKM3001 --revision asm-1-29 --fix f.yaml";

/// What the repair of a file leaves.
std::string repaired(const std::string& text) {
  FakeWorld world;
  world.files.content["f.yaml"] = text;
  world.run(kFix);
  return world.files.content["f.yaml"];
}

}  // namespace

TEST_CASE("repair: labels in JSON") {
  CHECK(repaired(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a","labels":)"
                 R"({"istio.io/rev":"asm-1-29","istio-injection":"enabled"}}})") ==
        R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a","labels":)"
        R"({"istio.io/rev":"asm-1-29"}}})");
}

TEST_CASE("repair: what is shared with others by an anchor is left as it is, and not said to be") {
  for (const char* labels : {"labels: &l\n    istio-injection: enabled\n---\n",
                             "labels:\n    <<: &l {istio-injection: "
                             "enabled}\n",
                             "labels:\n    istio-injection: &l enabled\n"}) {
    const auto text =
        std::string("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  ") + labels;
    CAPTURE(text);
    FakeWorld world;
    world.files.content["f.yaml"] = text;
    CHECK(world.run(kFix) == 3);
    CHECK(world.files.content["f.yaml"] == text);
    CHECK(world.err.text.find("nothing to repair") != std::string::npos);
  }
  const std::string list =
      "apiVersion: v1\nkind: List\nitems:\n- &a\n  apiVersion: v1\n  kind: Namespace\n  metadata:\n"
      "    name: a\n    labels:\n      istio-injection: enabled\n- {apiVersion: v1, kind: "
      "Namespace, metadata: {name: b, labels: {<<: *a, istio-injection: enabled}}}\n";
  const auto after = repaired(list);
  CHECK(after.find("- &a\n  apiVersion: v1\n  kind: Namespace\n  metadata:\n    name: a\n    "
                   "labels:\n      istio-injection: enabled\n") != std::string::npos);
  CHECK(after.find("{<<: *a, istio.io/rev: asm-1-29}") != std::string::npos);
}

}  // namespace aksmesh::test
