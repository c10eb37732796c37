// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "support/azure_world.hpp"

namespace aksmesh::test {
namespace {

constexpr const char* kFirst = "GET https://management.azure.com/things?api-version=*";

std::string page(const std::string& item, const std::string& next) {
  return R"({"value":[)" + item + R"(],"nextLink":")" + next + "\"}";
}

}  // namespace

TEST_CASE("arm: a list has all of its pages, also where they name the usual port") {
  AzureWorld world;
  const std::string second = "https://management.azure.com:443/things?page=2";
  world.http.expect(kFirst).answer(200, page("1", second));
  world.http.expect("GET " + second).with("Bearer").answer(200, page("2", ""));
  const auto listed = world.arm.list("/things", "list the things");
  REQUIRE(listed);
  CHECK(*listed == std::vector<std::string>{"1", "2"});
}

TEST_CASE("arm: a list that goes on elsewhere is not taken for the whole") {
  for (const char* next : {"https://other.example/things?skiptoken=SECRET",
                           "http://management.azure.com/things?skiptoken=SECRET",
                           "https://management.azure.com:8443/things?skiptoken=SECRET"}) {
    CAPTURE(next);
    AzureWorld world;
    world.http.expect(kFirst).answer(200, page("1", next));
    const auto listed = world.arm.list("/things", "list the things");
    REQUIRE(!listed);
    CHECK(listed.error().kind == ErrorKind::bad_data);
    CHECK(listed.error().what == "cannot list the things");
    CHECK(listed.error().why.starts_with(
        "the list goes on at another place than https://management.azure.com: http"));
    CHECK(listed.error().why.find("SECRET") == std::string::npos);
  }
}

TEST_CASE("arm: a list without an end is given up") {
  AzureWorld world;
  const std::string same = "https://management.azure.com/things?page=2";
  world.http.expect(kFirst).answer(200, page("1", same));
  for (int i = 1; i < 1000; ++i) world.http.expect("GET " + same).answer(200, page("1", same));
  const auto listed = world.arm.list("/things", "list the things");
  REQUIRE(!listed);
  CHECK(listed.error().why == "the list has no end");
}

}  // namespace aksmesh::test
