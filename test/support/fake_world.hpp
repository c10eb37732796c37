// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app.hpp"

namespace aksmesh::test {

/// Files in memory. Directories exist when a file lies below them.
class MemoryFiles final : public sys::Files {
 public:
  std::map<std::string, std::string> content;
  std::map<std::string, ErrorKind> broken;  ///< paths that cannot be opened
  std::string standard_input;

  Result<sys::FileInfo> info(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& directory) override;
  Result<std::string> read(const std::string& path, std::uint64_t limit) override;
  Result<std::string> read_standard_input(std::uint64_t limit) override;
  Status write(const std::string& path, std::string_view text) override;
  Status append(const std::string& path, std::string_view text) override;
};

class FakeEnvironment final : public sys::Environment {
 public:
  std::map<std::string, std::string> values;
  [[nodiscard]] std::optional<std::string> get(const std::string& name) const override {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  }
};

class FakeClock final : public sys::Clock {
 public:
  sys::Date day{2026, 9, 1};
  [[nodiscard]] sys::Date today() const override { return day; }
};

class MemoryStream final : public sys::OutputStream {
 public:
  std::string text;
  bool terminal = false;
  std::string broken;
  void write(std::string_view more) override { text += more; }
  [[nodiscard]] bool is_terminal() const override { return terminal; }
  [[nodiscard]] bool closed() const override { return false; }
  [[nodiscard]] std::string failure() const override { return broken; }
};

/// The whole program against a world in memory.
struct FakeWorld {
  MemoryFiles files;
  FakeEnvironment env;
  FakeClock clock;
  MemoryStream out;
  MemoryStream err;
  int width = 0;
  bool in_is_terminal = false;

  /// Runs a command line (split at blanks) and returns the exit code; streams start empty.
  int run(const std::string& line);
  int run(std::vector<std::string> args);
};

/// Reads a file of the checkout, failing the test when it is not there.
std::string read_source_file(const std::string& path);
/// The names of all files below a folder of the checkout, relative to the checkout, sorted.
std::vector<std::string> source_files(const std::string& folder);

}  // namespace aksmesh::test
