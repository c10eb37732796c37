// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "support/fake_world.hpp"

namespace aksmesh::test {

TEST_CASE("the part of a long line that is shown holds the place, with the caret under it") {
  FakeWorld world;
  const std::string filler(5000, 'x');
  world.files.content["f.json"] =
      R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a","annotations":{"é":")" +
      filler + R"("},"labels":{"istio-injection":"enabled"}}})" + '\n';
  world.run("aksmesh analyze --only AKM3001 f.json");
  CHECK(world.out.text.find("f.json:1:5095\n") != std::string::npos);
  const auto line = world.out.text.find("    1 | ...x");
  REQUIRE(line != std::string::npos);
  const auto caret = world.out.text.find('^', line);
  const auto under = world.out.text.rfind('\n', caret) + 1;
  const auto key = world.out.text.find("\"istio-injection\"", line);
  CHECK(key - line == caret - under);
  CHECK(world.out.text.substr(caret, 18) == "^^^^^^^^^^^^^^^^^\n");
}

}  // namespace aksmesh::test
