// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sys/environment.hpp"
#include "sys/files.hpp"

namespace aksmesh::commands::docgen {

/// Candidates for the last of `words` (the program's name not among them), one a line as
/// `candidate<TAB>description`. The line `:files` asks the shell for file names. Never fails; no
/// candidate is no output. Of files only kubeconfigs are read, for the names of their contexts.
std::string complete(const std::vector<std::string>& words, sys::Files& files,
                     const sys::Environment& env);

}  // namespace aksmesh::commands::docgen
