// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "sys/source.hpp"

namespace aksmesh::sys {

struct FileInfo {
  enum class Type { regular, directory, other };
  Type type = Type::other;
  std::uint64_t size = 0;          ///< bytes; 0 for pipes and devices
  std::string identity{};          ///< equal for two paths of the same file or directory
  bool is_open_to_others = false;  ///< somebody else may read or write it
};

/// The disk and standard input. Paths are used as given. Safe to call from several threads.
class Files {
 public:
  Files() = default;
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  virtual ~Files() = default;

  /// Follows symbolic links. not_found or denied when it cannot be looked at.
  virtual Result<FileInfo> info(const std::string& path) = 0;
  /// The names in a directory, sorted, without `.` and `..`.
  virtual Result<std::vector<std::string>> list(const std::string& directory) = 0;
  /// The whole content; kind bad_data when there are more than `limit` bytes (nothing more is
  /// read).
  virtual Result<std::string> read(const std::string& path, std::uint64_t limit) = 0;
  virtual Result<std::string> read_standard_input(std::uint64_t limit) = 0;
  /// The content piece by piece, for files of any size.
  virtual Result<std::unique_ptr<Source>> open(const std::string& path) {
    return source_of(read(path, UINT64_MAX));
  }
  virtual Result<std::unique_ptr<Source>> open_standard_input() {
    return source_of(read_standard_input(UINT64_MAX));
  }
  /// Replaces the file in one step, so that a reader never sees half of it.
  virtual Status write(const std::string& path, std::string_view content) = 0;
  virtual Status append(const std::string& path, std::string_view content) = 0;

  /// As read, but kind denied when the file is somebody else's or others may look into it.
  virtual Result<std::string> read_private(const std::string& path, std::uint64_t limit) = 0;
  /// As write, but nobody else may look into the file; directories that are missing are made, for
  /// us alone.
  virtual Status write_private(const std::string& path, std::string_view content) = 0;
  /// Nothing is wrong when there is no such file.
  virtual Status remove(const std::string& path) = 0;

 private:
  static Result<std::unique_ptr<Source>> source_of(Result<std::string> text) {
    if (!text) return std::move(text).error();
    return std::unique_ptr<Source>(std::make_unique<TextSource>(std::move(text).value()));
  }
};

}  // namespace aksmesh::sys
