// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "support/fake_world.hpp"

namespace aksmesh::test {

TEST_CASE("explain: says who looks at what files do not show") {
  FakeWorld world;
  const auto explained = [&](const std::string& code) {
    CHECK(world.run("aksmesh explain " + code) == 0);
    return world.out.text;
  };
  const auto has = [](const std::string& text, const std::string& piece) {
    return text.find(piece) != std::string::npos;
  };
  CHECK(has(explained("revision-not-offered"), "The commands that change the mesh look at it"));
  CHECK(!has(explained("revision-not-offered"), "planned"));
  CHECK(has(explained("right-missing"), "Azure tells it when it refuses"));
  CHECK(!has(explained("AKM2001"), "Who looks"));
}

TEST_CASE("analyze: a code of Azure's own errors cannot be looked for") {
  FakeWorld world;
  world.files.content["a.yaml"] = "kind: Namespace\napiVersion: v1\nmetadata: {name: shop}\n";
  CHECK(world.run("aksmesh analyze --only right-missing a.yaml") == 2);
  CHECK(world.err.text.find("Azure tells it when it refuses") != std::string::npos);
}

}  // namespace aksmesh::test
