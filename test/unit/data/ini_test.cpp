// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "data/ini.hpp"

namespace aksmesh::test {

TEST_CASE("ini: sections, options, comments and what is neither") {
  const auto ini = data::read_ini(
      "\xEF\xBB\xBF# comment\r\n[one]\r\nName = a = b \r\n; other\r\nempty =\n[ two ]\n"
      "name: x\nname: y\nnothing\n[broken\nz = 1\n");
  CHECK(data::ini_value(ini, "one", "name") == "a = b");
  CHECK(data::ini_value(ini, "one", "empty").empty());
  CHECK(data::ini_value(ini, "two", "name") == "y");
  CHECK(data::ini_value(ini, "two", "missing").empty());
  CHECK(data::ini_value(ini, "missing", "name").empty());
}

}  // namespace aksmesh::test
