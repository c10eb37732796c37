// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "option_set.hpp"
#include "sys/environment.hpp"
#include "sys/settings.hpp"

namespace aksmesh::cli {

/// What else a line tells.
struct Parsed {
  sys::Origins origins{};  ///< of the values that nobody typed
  sys::Aim aim{};
};

/// Gives the options of `set` their values from `args` (without program and command words), then
/// from environment variables and the settings where the line says nothing. All mistakes of one
/// kind are told at once. `command` and `program` are for messages.
Result<Parsed> parse(const commands::OptionSet& set, const std::vector<std::string>& args,
                     const sys::Environment& env, const sys::Settings& settings,
                     const std::string& command, const std::string& program);

}  // namespace aksmesh::cli
