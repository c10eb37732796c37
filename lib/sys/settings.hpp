// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace aksmesh::sys {

/// What made up the value of an option that nobody typed. Built-in defaults have none.
struct Origin {
  enum class Kind { file, variable };  ///< the stronger one last
  Kind kind = Kind::variable;
  std::string name{};  ///< the variable, or `FILE:LINE: KEY`
};
/// By the long name of the option, with its dashes.
using Origins = std::map<std::string, Origin, std::less<>>;
/// What somebody typed to tell what a command works on: long names of options, with their values.
using Aim = std::vector<std::pair<std::string, std::string>>;

/// One entry of the settings file.
struct Setting {
  std::string value{};
  std::string place{};  ///< FILE:LINE
};

/// What the settings file says.
struct Settings {
  std::string file{};  ///< empty when nothing tells where it would be
  std::map<std::string, Setting, std::less<>>
      values{};                   ///< by key; those that are no good left out
  std::vector<Error> problems{};  ///< kind usage, in the order of the file
};

}  // namespace aksmesh::sys
