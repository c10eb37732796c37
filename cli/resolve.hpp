// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "command.hpp"

namespace aksmesh::cli {

/// The name that help shows: `aksmesh`, `mesh`, or `kubectl aksmesh` for the plug-in.
std::string program_name(const std::string& argv0);

struct Resolved {
  const commands::Command* command = nullptr;  ///< null when no command is named
  std::vector<std::string> rest;               ///< the line without the command's words
};

/// Finds the command among the words; options may stand before it. An unknown word is an error with
/// suggestions.
Result<Resolved> resolve(const std::vector<std::string>& args, const std::string& program);

/// Kind usage when words stand before the options and are no command and no part of one. Beside an
/// unknown option, whose value they may be, they are let through.
Status check_words(const std::vector<std::string>& args, const std::string& program);

/// The words of a line that names a noun without its verb, as `proxy config`; else empty.
std::string noun_of(const std::vector<std::string>& args);

/// What of `--help`, `-h` and `--version` stands before a `--`; they work anywhere and ignore other
/// mistakes.
enum class Asked { nothing, short_help, long_help, version };
Asked asked_for(const std::vector<std::string>& args);

}  // namespace aksmesh::cli
