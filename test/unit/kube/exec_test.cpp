// SPDX-License-Identifier: Apache-2.0
#include "kube/exec.hpp"

#include <doctest/doctest.h>

namespace aksmesh::test {

TEST_CASE("exec: how a program ended") {
  CHECK(kube::exit_code_of(R"({"metadata":{},"status":"Success"})").value() == 0);
  CHECK(kube::exit_code_of(R"({"status":"Failure","reason":"NonZeroExitCode","message":"m",
    "details":{"causes":[{"reason":"Other","message":"1"},{"reason":"ExitCode","message":"42"}]}})")
            .value() == 42);
}

TEST_CASE("exec: a program that could not run is a failure of the server") {
  const auto told = kube::exit_code_of(
      R"({"status":"Failure","reason":"InternalError","message":"no such file"})");
  REQUIRE_FALSE(told);
  CHECK(told.error().kind == ErrorKind::server);
  CHECK(told.error().why == "no such file");
  for (
      const auto* text :
      {"", "{", "[]", R"({"status":"Failure","reason":"NonZeroExitCode"})",
       R"({"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"x"}]}})"})
    CHECK_FALSE(kube::exit_code_of(text));
}

}  // namespace aksmesh::test
