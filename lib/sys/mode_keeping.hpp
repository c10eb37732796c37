// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "sys/files.hpp"

namespace aksmesh::sys {

/// As Files::write, but a file that is new is for its owner alone; one that is there keeps its
/// mode, which is its owner's choice.
Status write_keeping_mode(Files& files, const std::string& path, std::string_view content);
/// The same for adding at the end.
Status append_keeping_mode(Files& files, const std::string& path, std::string_view content);

}  // namespace aksmesh::sys
