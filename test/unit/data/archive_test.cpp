// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "data/archive.hpp"

namespace aksmesh::test {

using data::ArchiveFile;

TEST_CASE("archive: what is packed comes out again") {
  const std::vector<ArchiveFile> files{
      {.name = "a.json", .content = "{}"},
      {.name = "lists/b.json", .content = std::string(200'000, 'x')},
      {.name = "empty", .content = ""}};
  const auto packed = data::pack_archive(files, 1'800'000'000);
  REQUIRE(packed);
  CHECK(packed->size() < 2'000);
  const auto again = data::unpack_archive(*packed, 1'000'000);
  REQUIRE(again);
  REQUIRE(again->size() == files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    CHECK((*again)[i].name == files[i].name);
    CHECK((*again)[i].content == files[i].content);
  }
  CHECK(*data::pack_archive(files, 1'800'000'000) == *packed);
}

TEST_CASE("archive: one that unpacks to more than it may is refused") {
  const auto packed = data::pack_archive({{.name = "a", .content = std::string(5'000, 'x')}}, 0);
  REQUIRE(packed);
  CHECK(data::unpack_archive(*packed, 5'000));
  const auto refused = data::unpack_archive(*packed, 4'999);
  REQUIRE(!refused);
  CHECK(refused.error().kind == ErrorKind::bad_data);
}

TEST_CASE("archive: what is none is refused, and so is one that is cut off") {
  const auto packed = data::pack_archive({{.name = "a", .content = std::string(5'000, 'x')}}, 0);
  REQUIRE(packed);
  CHECK(!data::unpack_archive("", 100));
  CHECK(!data::unpack_archive("hello", 100));
  for (std::size_t size = 1; size < packed->size(); size += 7)
    CHECK_MESSAGE(!data::unpack_archive(packed->substr(0, size), 10'000), size);
}

}  // namespace aksmesh::test
