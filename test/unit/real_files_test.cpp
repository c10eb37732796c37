// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "sys/real_files.hpp"

namespace aksmesh::test {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "aksmesh-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] std::string operator/(const std::string& name) const {
    return (path_ / name).string();
  }
  [[nodiscard]] std::ptrdiff_t size() const {
    return std::distance(fs::directory_iterator(path_), fs::directory_iterator());
  }

 private:
  fs::path path_;
};

std::string text_of(const std::string& path) {
  return sys::RealFiles().read(path, 1000).value();
}

}  // namespace

TEST_CASE("files: a file is replaced as a whole, and nothing beside it is touched") {
  const Folder folder;
  sys::RealFiles files;
  REQUIRE(files.write(folder / "a", "old"));
  ::chmod((folder / "a").c_str(), 0640);
  REQUIRE(files.write(folder / "a.part", "of someone else"));
  // A name that the program would use, taken by a link to another file.
  REQUIRE(files.write(folder / "victim", "kept"));
  fs::create_symlink("victim", folder / ("a.part-" + std::to_string(::getpid()) + "-0"));
  REQUIRE(files.write(folder / "a", "new"));
  CHECK(text_of(folder / "a") == "new");
  CHECK(text_of(folder / "a.part") == "of someone else");
  CHECK(text_of(folder / "victim") == "kept");
  CHECK(folder.size() == 4);
  CHECK(static_cast<int>(fs::status(folder / "a").permissions()) == 0640);
}

TEST_CASE("files: nothing is left behind when a file cannot be replaced") {
  const Folder folder;
  sys::RealFiles files;
  CHECK_FALSE(files.write(folder / "missing/a", "x"));
  fs::create_directory(folder / "d");
  CHECK_FALSE(files.write(folder / "d", "x"));
  CHECK(folder.size() == 1);
}

}  // namespace aksmesh::test
