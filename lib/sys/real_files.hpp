// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sys/files.hpp"

namespace aksmesh::sys {

/// POSIX files.
class RealFiles final : public Files {
 public:
  Result<FileInfo> info(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& directory) override;
  Result<std::string> read(const std::string& path, std::uint64_t limit) override;
  Result<std::string> read_standard_input(std::uint64_t limit) override;
  Result<std::unique_ptr<Source>> open(const std::string& path) override;
  Result<std::unique_ptr<Source>> open_standard_input() override;
  Status write(const std::string& path, std::string_view content) override;
  Status append(const std::string& path, std::string_view content) override;
  Result<std::string> read_private(const std::string& path, std::uint64_t limit) override;
  Status write_private(const std::string& path, std::string_view content) override;
  Status remove(const std::string& path) override;
};

}  // namespace aksmesh::sys
