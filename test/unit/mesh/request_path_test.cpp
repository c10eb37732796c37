// SPDX-License-Identifier: Apache-2.0
#include "mesh/request_path.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace aksmesh::test {

using mesh::PathNormalization;

TEST_CASE("Paths are compared as Envoy writes them") {
  CHECK(mesh::normal_path("/a/../b?x=/c") == "/b");
  CHECK(mesh::normal_path("/%61/./b/..") == "/a/");
  CHECK(mesh::normal_path("/a%2Fb") == "/a%2Fb");
  CHECK(mesh::normal_path("/../..") == "/");
  CHECK(mesh::normal_path("//a") == "//a");
}

TEST_CASE("pathNormalization: each way does more than the one before") {
  struct Case {
    const char* path = "";
    std::array<const char*, 4> ways{};  ///< NONE, BASE, MERGE_SLASHES, DECODE_AND_MERGE_SLASHES
  };
  for (const auto& one : {
           Case{"/", {"/", "/", "/", "/"}},
           Case{"/app?a=//b", {"/app", "/app", "/app", "/app"}},
           Case{"/app#part", {"/app", "/app", "/app", "/app"}},
           Case{"/app//", {"/app//", "/app//", "/app/", "/app/"}},
           Case{"/app/../admin", {"/app/../admin", "/admin", "/admin", "/admin"}},
           Case{"/app//../admin", {"/app//../admin", "/app/admin", "/app/admin", "/app/admin"}},
           Case{"/app/%2f", {"/app/%2f", "/app/%2f", "/app/%2f", "/app/"}},
           Case{"/app/%2E./admin", {"/app/%2E./admin", "/admin", "/admin", "/admin"}},
           Case{"/xyz%30..//abc", {"/xyz%30..//abc", "/xyz0..//abc", "/xyz0../abc", "/xyz0../abc"}},
           Case{"/app\\admin", {"/app\\admin", "/app/admin", "/app/admin", "/app/admin"}},
           Case{"/%2Fapp%5cadmin",
                {"/%2Fapp%5cadmin", "/%2Fapp%5cadmin", "/%2Fapp%5cadmin", "/app/admin"}},
           Case{"/%c0%2fadmin", {"/%c0%2fadmin", "/%c0%2fadmin", "/%c0%2fadmin", "/%c0/admin"}},
           Case{"/%252fadmin", {"/%252fadmin", "/%252fadmin", "/%252fadmin", "/%252fadmin"}},
           Case{"/%2", {"/%2", "/%2", "/%2", "/%2"}},
           Case{"//", {"//", "//", "//", "//"}},
       })
    for (std::size_t i = 0; i < one.ways.size(); ++i)
      CHECK_MESSAGE(
          mesh::normal_path(one.path, static_cast<PathNormalization>(i)) == one.ways.at(i),
          one.path << " in way " << i);
}

}  // namespace aksmesh::test
