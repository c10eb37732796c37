// SPDX-License-Identifier: Apache-2.0
#include "sys/mode_keeping.hpp"

namespace aksmesh::sys {
namespace {

bool is_new(Files& files, const std::string& path) {
  const auto there = files.info(path);
  return !there && there.error().kind == ErrorKind::not_found;
}

}  // namespace

Status write_keeping_mode(Files& files, const std::string& path, std::string_view content) {
  return is_new(files, path) ? files.write_private(path, content) : files.write(path, content);
}

Status append_keeping_mode(Files& files, const std::string& path, std::string_view content) {
  return is_new(files, path) ? files.write_private(path, content) : files.append(path, content);
}

}  // namespace aksmesh::sys
