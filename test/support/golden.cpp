// SPDX-License-Identifier: Apache-2.0
#include "support/golden.hpp"

#include <cstdlib>
#include <fstream>

#include <doctest/doctest.h>

#include "support/fake_world.hpp"

namespace aksmesh::test {

void check_golden(const std::string& name, const std::string& text) {
  if (const char* update = std::getenv("UPDATE_GOLDEN");
      update != nullptr && std::string(update) == "1") {
    std::ofstream out(std::string(AKSMESH_SOURCE_DIR) + "/test/golden/" + name, std::ios::binary);
    out << text;
    FAIL_CHECK("rewritten: test/golden/", name,
               "; look at the difference, then run again without UPDATE_GOLDEN");
    return;
  }
  CHECK_MESSAGE(read_source_file("test/golden/" + name) == text, "test/golden/", name,
                " differs; UPDATE_GOLDEN=1 rewrites it");
}

}  // namespace aksmesh::test
