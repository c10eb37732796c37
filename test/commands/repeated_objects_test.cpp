// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

constexpr const char* kNamespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";

}  // namespace

TEST_CASE("analyze: objects that are given more than once are named, under the add-on's policies") {
  FakeWorld world;
  const std::string made = "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: j-}\n";
  world.files.content["base.yaml"] = std::string(kNamespace) + "---\n" + made + "---\n" + made;
  world.files.content["overlay.yaml"] = "# patched\n" + std::string(kNamespace);
  CHECK(world.run("aksmesh analyze base.yaml overlay.yaml") == 0);
  CHECK(world.err.text.find(
            "note: 1 object is given more than once; the last one counts, as when "
            "all are applied in turn: Namespace shop (base.yaml:1, overlay.yaml:2)") !=
        std::string::npos);
  FakeWorld upstream;
  upstream.files.content = world.files.content;
  CHECK(upstream.run("aksmesh analyze --policy upstream base.yaml overlay.yaml") == 0);
  CHECK(upstream.err.text.find("more than once") == std::string::npos);
}

}  // namespace aksmesh::test
