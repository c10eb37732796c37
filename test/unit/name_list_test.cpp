// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "checks/name_list.hpp"

namespace aksmesh::test {

TEST_CASE("name list: sorted, and cut where it would grow without end") {
  CHECK(checks::name_list({}).empty());
  CHECK(checks::name_list({"b/x", "a/y", "a/y"}) == "a/y,a/y,b/x");
  std::vector<std::string> many(checks::kMostNames, "b");
  CHECK(checks::name_list(many).ends_with(",b"));
  many.emplace_back("a");
  const auto cut = checks::name_list(many);
  CHECK(cut.starts_with("a,b,"));
  CHECK(cut.ends_with(",b,and others"));
}

}  // namespace aksmesh::test
