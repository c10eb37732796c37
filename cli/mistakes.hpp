// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "option_set.hpp"

// Usage errors about words that nothing knows, with what may have been meant.
namespace aksmesh::cli {

/// `words` are all that stand in the place of a command, with a blank between.
Error unknown_command(const std::string& words, const std::string& program);

/// All unknown options of a line at once. `command` is empty when the line names none; then every
/// command's options are candidates.
Error unknown_options(const std::vector<std::string>& words, const commands::OptionSet& set,
                      const std::string& command, const std::string& program);

}  // namespace aksmesh::cli
