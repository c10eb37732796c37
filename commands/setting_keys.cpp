// SPDX-License-Identifier: Apache-2.0
#include "setting_keys.hpp"

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "command.hpp"

namespace aksmesh::commands {

SettingKeys::SettingKeys() {
  for (const auto* command : catalogue()) {
    if (command->hidden) continue;
    declared_.push_back(docgen::declared(*command));
    for (const auto& spec : declared_.back()->set.specs())
      if (!spec.variable.empty()) specs_.emplace(spec.long_name.substr(2), &spec);
  }
}

Result<const OptionSpec*> SettingKeys::find(std::string_view key) const {
  if (const auto found = specs_.find(key); found != specs_.end()) return found->second;
  Error error{.kind = ErrorKind::usage, .what = "there is no setting '" + std::string(key) + "'"};
  std::vector<std::string> names;
  for (const auto& [name, spec] : specs_) names.push_back(name);
  for (const auto& near : suggestions(std::string(key), names))
    error.next.push_back("did you mean " + near + "?");
  error.next.emplace_back("aksmesh help environment   (lists all)");
  return error;
}

Status SettingKeys::check(std::string_view key, const std::string& value,
                          const ValueSource& source) const {
  AK_TRY(const auto* spec, find(key));
  // Which formats there are depends on the command; here each that any of them knows will do.
  auto formats = *spec;
  if (spec->long_name == "--output") formats.closed_set = format_names(Formats::findings);
  return formats.assign(value, source);
}

}  // namespace aksmesh::commands
