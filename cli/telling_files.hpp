// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "sys/files.hpp"
#include "sys/terminal.hpp"

namespace aksmesh::cli {

/// The same files; but before somebody has to type what is read, it is told what is waited for.
class TellingFiles final : public sys::Files {
 public:
  TellingFiles(sys::Files& files, sys::OutputStream& err) : files_(files), err_(err) {}

  Result<sys::FileInfo> info(const std::string& path) override { return files_.info(path); }
  Result<std::vector<std::string>> list(const std::string& directory) override {
    return files_.list(directory);
  }
  Result<std::string> read(const std::string& path, std::uint64_t limit) override {
    return files_.read(path, limit);
  }
  Result<std::string> read_standard_input(std::uint64_t limit) override {
    tell();
    return files_.read_standard_input(limit);
  }
  Result<std::unique_ptr<sys::Source>> open(const std::string& path) override {
    return files_.open(path);
  }
  Result<std::unique_ptr<sys::Source>> open_standard_input() override {
    tell();
    return files_.open_standard_input();
  }
  Status write(const std::string& path, std::string_view content) override {
    return files_.write(path, content);
  }
  Status append(const std::string& path, std::string_view content) override {
    return files_.append(path, content);
  }
  Result<std::string> read_private(const std::string& path, std::uint64_t limit) override {
    return files_.read_private(path, limit);
  }
  Status write_private(const std::string& path, std::string_view content) override {
    return files_.write_private(path, content);
  }
  Status remove(const std::string& path) override { return files_.remove(path); }

 private:
  void tell() { err_.write("reading standard input; Ctrl-D at the start of a line ends it\n"); }

  sys::Files& files_;
  sys::OutputStream& err_;
};

}  // namespace aksmesh::cli
