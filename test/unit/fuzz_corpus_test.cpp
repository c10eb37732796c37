// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "fuzz/targets.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {

TEST_CASE("fuzz: the corpus of every target is replayed") {
  for (const auto& target : fuzz::kTargets) {
    const auto files = source_files(std::string("test/fuzz/corpus/") + target.name);
    CHECK_MESSAGE(!files.empty(), target.name);
    for (const auto& file : files) {
      CAPTURE(file);
      target.run(read_source_file(file));
    }
  }
}

}  // namespace aksmesh::test
