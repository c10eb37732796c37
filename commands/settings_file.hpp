// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "data/reader.hpp"
#include "sys/environment.hpp"
#include "sys/files.hpp"
#include "sys/settings.hpp"

// The settings file: one flat YAML mapping whose keys are those of SettingKeys.
namespace aksmesh::commands {

/// AKSMESH_CONFIG, else aksmesh/config.yaml below XDG_CONFIG_HOME, else below HOME/.config; empty
/// when none of them is set.
std::string settings_path(const sys::Environment& env);

/// All settings; a file that is missing says nothing. Never fails: what is wrong with the file is
/// told by `problems`, and what is good of it is still there.
sys::Settings read_settings(sys::Files& files, const sys::Environment& env);
/// The problems as one error, led by the first. There must be one.
Error settings_error(const sys::Settings& settings);

/// The file as a tree, empty when it is missing. Kind usage when it cannot be read or is not one
/// YAML document; keys that are given twice are among the result's problems.
Result<data::ReadResult> read_settings_document(sys::Files& files, const std::string& path);

/// The text with another value for a key, or without it; all else stays as it is. Kind usage when
/// the place cannot be edited safely, such as inside of an alias.
Result<std::string> with_setting(const data::Tree& tree, const std::string& key,
                                 const std::string& value);
Result<std::string> without_setting(const data::Tree& tree, const std::string& key);

}  // namespace aksmesh::commands
