// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "app.hpp"
#include "support/http_script.hpp"
#include "sys/process.hpp"
#include "sys/progress.hpp"
#include "sys/random.hpp"

namespace aksmesh::test {

/// Files in memory. Directories exist when a file lies below them.
class MemoryFiles final : public sys::Files {
 public:
  std::map<std::string, std::string> content;
  std::map<std::string, ErrorKind> broken;  ///< paths that cannot be opened
  std::set<std::string> private_paths;      ///< those that write_private wrote
  std::set<std::string> full;               ///< those that take nothing more, like /dev/full
  std::string standard_input;

  Result<sys::FileInfo> info(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& directory) override;
  Result<std::string> read(const std::string& path, std::uint64_t limit) override;
  Result<std::string> read_standard_input(std::uint64_t limit) override;
  Status write(const std::string& path, std::string_view text) override;
  Status append(const std::string& path, std::string_view text) override;
  Result<std::string> read_private(const std::string& path, std::uint64_t limit) override;
  Status write_private(const std::string& path, std::string_view text) override;
  Status remove(const std::string& path) override;
};

class FakeEnvironment final : public sys::Environment {
 public:
  std::map<std::string, std::string> values;
  [[nodiscard]] std::optional<std::string> get(const std::string& name) const override {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  }
};

/// Time passes only while somebody sleeps.
class FakeClock final : public sys::Clock {
 public:
  sys::Date day{2026, 9, 1};
  std::int64_t seconds = 1'788'264'000;   ///< since 1970: noon of that day
  std::int64_t milliseconds = 1'000'000;  ///< of the steady clock
  std::vector<std::int64_t> sleeps;       ///< how long each was, in milliseconds
  std::size_t interrupted_at = 0;         ///< the how manieth sleep the user ends; 0: none
  [[nodiscard]] sys::Date today() const override { return day; }
  [[nodiscard]] std::int64_t now() const override { return seconds + passed_ / 1000; }
  [[nodiscard]] std::int64_t steady() const override { return milliseconds + passed_; }
  bool sleep(std::int64_t duration) override {
    sleeps.push_back(duration);
    if (sleeps.size() == interrupted_at) return false;
    passed_ += duration;
    return true;
  }

 private:
  std::int64_t passed_ = 0;
};

/// Counts upwards, so that ids can be told apart and foretold.
class FakeRandom final : public sys::Random {
 public:
  std::uint64_t value = 0;
  std::uint64_t next() override { return ++value; }
};

class FakeProgress final : public sys::Progress {
 public:
  std::vector<std::string> waits;
  std::vector<std::string> notes;
  void waiting(std::string_view text) override { waits.emplace_back(text); }
  void note(std::string_view text) override { notes.emplace_back(text); }
  void end() override {}
};

/// Programs that answer as they were told, in that order; one that nothing is told for is missing.
class FakeProcess final : public sys::Process {
 public:
  std::deque<Result<sys::ProgramResult>> results;
  std::vector<sys::Program> runs;
  Result<sys::ProgramResult> run(const sys::Program& program) override;
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
  HttpScript http;
  FakeRandom random;
  FakeProcess process;
  sys::NoCancel cancel;
  std::deque<std::string> answers;  ///< what the user types, a line each
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
