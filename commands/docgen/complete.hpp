// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace aksmesh::commands::docgen {

/// Candidates for the last of `words` (the program's name not among them), one a line as
/// `candidate<TAB>description`. The line `:files` asks the shell for file names. Never fails; no
/// candidate is no output.
std::string complete(const std::vector<std::string>& words);

}  // namespace aksmesh::commands::docgen
