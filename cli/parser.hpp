// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "context.hpp"
#include "option_set.hpp"
#include "sys/environment.hpp"

namespace aksmesh::cli {

/// Gives the options of `set` their values from `args` (without program and command words), then
/// from environment variables where the line says nothing. All mistakes of one kind are told at
/// once. `command` and `program` are for messages. Tells which values came from variables.
Result<commands::Variables> parse(const commands::OptionSet& set,
                                  const std::vector<std::string>& args, const sys::Environment& env,
                                  const std::string& command, const std::string& program);

}  // namespace aksmesh::cli
