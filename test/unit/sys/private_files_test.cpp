// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "sys/real_files.hpp"

namespace aksmesh::test {
namespace {

/// A directory that goes away with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    auto name = (std::filesystem::temp_directory_path() / "aksmesh-test-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

unsigned mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

}  // namespace

TEST_CASE("private files: nobody else may look into them or their directories") {
  const TemporaryDirectory directory;
  const auto path = directory.path() + "/a/b/token.json";
  const auto mask = ::umask(0);
  sys::RealFiles files;
  const bool written = files.write_private(path, "first") && files.write_private(path, "second");
  ::umask(mask);
  REQUIRE(written);
  CHECK(mode_of(path) == 0600);
  CHECK(!files.info(path)->is_open_to_others);
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  CHECK(files.info(path)->is_open_to_others);
  REQUIRE(::chmod(path.c_str(), 0600) == 0);
  CHECK(mode_of(directory.path() + "/a/b") == 0700);
  CHECK(mode_of(directory.path() + "/a") == 0700);
  CHECK(*files.read_private(path, 100) == "second");
  CHECK(files.list(directory.path() + "/a/b")->size() == 1);
  CHECK(files.remove(path));
  CHECK(files.remove(path));
  CHECK(files.read_private(path, 100).error().kind == ErrorKind::not_found);
}

TEST_CASE("private files: loose modes, links and directories are refused") {
  const TemporaryDirectory directory;
  const auto path = directory.path() + "/token.json";
  sys::RealFiles files;
  REQUIRE(files.write_private(path, "x"));
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  CHECK(files.read_private(path, 100).error().kind == ErrorKind::denied);
  REQUIRE(::chmod(path.c_str(), 0600) == 0);
  std::filesystem::create_symlink(path, directory.path() + "/link");
  CHECK(!files.read_private(directory.path() + "/link", 100));
  CHECK(!files.read_private(directory.path(), 100));
  CHECK(!files.read_private(path, 0));
}

}  // namespace aksmesh::test
