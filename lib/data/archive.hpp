// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace aksmesh::data {

/// A file inside an archive.
struct ArchiveFile {
  std::string name{};
  std::string content{};
};

/// A gzip-compressed tar archive of the files, each readable by its owner alone; `made` is their
/// date, in seconds since 1970.
Result<std::string> pack_archive(const std::vector<ArchiveFile>& files, std::int64_t made);

/// The regular files of such an archive. Kind bad_data when it is none, is cut off, or unpacks to
/// more than `limit` bytes.
Result<std::vector<ArchiveFile>> unpack_archive(const std::string& packed, std::uint64_t limit);

}  // namespace aksmesh::data
