// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "sys/environment.hpp"
#include "sys/settings.hpp"

namespace aksmesh::sys {

/// What gives an option its value when nobody types one.
struct GivenValue {
  std::string value{};
  Origin::Kind kind = Origin::Kind::variable;
  std::string place{};  ///< the variable, or FILE:LINE
};

/// The variable, else the settings file; an empty variable is none.
std::optional<GivenValue> given_value(const std::string& variable, const std::string& key,
                                      const Environment& env, const Settings& settings);

}  // namespace aksmesh::sys
