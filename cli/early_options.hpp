// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "context.hpp"
#include "sys/environment.hpp"
#include "sys/settings.hpp"

namespace aksmesh::cli {

/// The global options as far as they can be told before the line is parsed, or when it cannot be:
/// a mistake must be told in the format and the colours that the line, a variable or a setting asks
/// for.
/// Values that are no good are passed over here; parsing tells them.
commands::GlobalOptions early_options(const std::vector<std::string>& args,
                                      const sys::Environment& env, const sys::Settings& settings);

}  // namespace aksmesh::cli
