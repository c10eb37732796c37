// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "docgen/help.hpp"
#include "option_set.hpp"

namespace aksmesh::commands {

/// What may be set in the settings file: the options that have an environment variable, of all
/// commands; a key is the long name without its dashes. Declares every command, so it is made only
/// when there is something to look up.
class SettingKeys {
 public:
  SettingKeys();
  /// By key, sorted.
  [[nodiscard]] const std::map<std::string, const OptionSpec*, std::less<>>& all() const {
    return specs_;
  }
  /// Kind usage, with near keys, when there is no such key.
  [[nodiscard]] Result<const OptionSpec*> find(std::string_view key) const;
  /// Kind usage when the key's option does not take the value. What only a command can tell, such
  /// as whether a policy exists, is left to it.
  [[nodiscard]] Status check(std::string_view key, const std::string& value,
                             const ValueSource& source) const;

 private:
  std::vector<std::unique_ptr<docgen::Declared>> declared_;
  std::map<std::string, const OptionSpec*, std::less<>> specs_;
};

}  // namespace aksmesh::commands
