// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/error.hpp"
#include "report/style.hpp"

namespace aksmesh::cli {

/// The error block for people.
std::string error_text(const Error& error, const report::Style& style);
/// The same facts as one JSON object, for -o json and yaml.
std::string error_json(const Error& error);

}  // namespace aksmesh::cli
