// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "checks/teller.hpp"
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
  CHECK(has(explained("istioctl-namespace-flag"), "Nobody: no check and no command looks for it"));
}

TEST_CASE("law: of every limitation something tells, or its page says that nothing does") {
  for (const auto& code : checks::codes())
    if (code.title.empty())
      CHECK_MESSAGE(checks::teller_of(code) != checks::Teller::nobody, code.code);
}

TEST_CASE("what nothing looks for is neither asked for nor left open") {
  FakeWorld world;
  world.files.content["a.yaml"] = "kind: Namespace\napiVersion: v1\nmetadata: {name: shop}\n";
  CHECK(world.run("aksmesh analyze --only istioctl-namespace-flag a.yaml") == 2);
  CHECK(world.err.text.find("nothing looks for it; its page tells") != std::string::npos);
  CHECK(world.run("aksmesh analyze -o json a.yaml") == 0);
  CHECK(world.out.text.find("AKM3009") == std::string::npos);
  CHECK(world.out.text.find("AKM1103") != std::string::npos);  // needs Azure, and says so
  CHECK(world.run("aksmesh checks --state documented") == 0);
  CHECK(world.out.text.find("AKM3009") != std::string::npos);
}

TEST_CASE("checks: a phase has limitations and rules of this project") {
  FakeWorld world;
  CHECK(world.run("aksmesh checks --phase check") == 0);
  for (const char* code : {"AKM9102", "AKM4012", "AKM9110"})
    CHECK(world.out.text.find(code) != std::string::npos);
  CHECK(world.out.text.find("AKM9109") == std::string::npos);  // of an upgrade
}

TEST_CASE("analyze: a code of Azure's own errors cannot be looked for") {
  FakeWorld world;
  world.files.content["a.yaml"] = "kind: Namespace\napiVersion: v1\nmetadata: {name: shop}\n";
  CHECK(world.run("aksmesh analyze --only right-missing a.yaml") == 2);
  CHECK(world.err.text.find("Azure tells it when it refuses") != std::string::npos);
}

}  // namespace aksmesh::test
