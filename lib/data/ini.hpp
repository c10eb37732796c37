// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace aksmesh::data {

/// What an INI file says: options (lower case) by section. Of an option that is given twice the
/// last counts; lines that are none of `[section]`, `name = value`, `name: value` and comments (`#`
/// or `;` at the begin) are passed over.
using Ini = std::map<std::string, std::map<std::string, std::string>>;
Ini read_ini(std::string_view text);

/// An option's value; empty when there is none.
std::string ini_value(const Ini& ini, const std::string& section, const std::string& option);

}  // namespace aksmesh::data
