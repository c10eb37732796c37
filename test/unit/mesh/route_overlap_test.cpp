// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "mesh/route_overlap.hpp"
#include "support/objects.hpp"

namespace aksmesh::test {
namespace {

/// Whether two VirtualServices with these `http` lists clash.
bool clash(const std::string& first, const std::string& second) {
  std::string text;
  for (const auto& http : {first, second})
    text +=
        "---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a, "
        "namespace: b}\nspec: {http: [" +
        http + "]}\n";
  const Objects objects(text);
  mesh::JoinedRoutes routes;
  CHECK_FALSE(routes.add(objects[0]));
  const auto found = routes.add(objects[1]);
  if (found) CHECK(found->other == &objects[0]);
  return found.has_value();
}

std::string match(const std::string& fields) {
  return "{match: [{" + fields + "}]}";
}

}  // namespace

TEST_CASE("joined routes: what some request fits twice") {
  CHECK(clash("{}", "{}"));
  CHECK(clash("{}", match("uri: {prefix: /}")));
  CHECK(clash(match("uri: {prefix: /a}"), match("uri: {prefix: /a}, name: x")));
  CHECK(clash(match("uri: {prefix: /a}"), match("uri: {prefix: /a/b}")));
  CHECK(clash(match("uri: {prefix: /a/b}"), match("uri: {prefix: /a}")));
  CHECK(clash(match("uri: {prefix: /a}"), match("uri: {exact: /ab}, method: {exact: GET}")));
  CHECK(clash(match("method: {exact: GET}"), match("method: {exact: GET}")));
}

TEST_CASE("joined routes: what excludes each other or is put in order") {
  CHECK_FALSE(clash("{}", match("uri: {prefix: /a}")));
  CHECK_FALSE(clash(match("uri: {prefix: /a}"), "{}"));
  CHECK_FALSE(clash(match("uri: {prefix: /a}"), match("uri: {prefix: /b}")));
  CHECK_FALSE(clash(match("uri: {exact: /a}"), match("uri: {exact: /a/b}")));
  CHECK_FALSE(
      clash(match("uri: {prefix: /a}, method: {exact: GET}"), match("uri: {prefix: /a/b}")));
  CHECK_FALSE(clash(match("method: {exact: GET}"), match("method: {exact: PUT}")));
}

}  // namespace aksmesh::test
