// SPDX-License-Identifier: Apache-2.0
#include "option_set.hpp"

#include <algorithm>

#include "base/strings.hpp"

namespace aksmesh::commands {

bool OptionSpec::takes(const std::string& one) const {
  const auto has = [&](const std::vector<std::string>& list) {
    return std::any_of(list.begin(), list.end(), [&](const std::string& each) {
      return each == one || (any_case && to_lower(each) == to_lower(one));
    });
  };
  return closed_set.empty() || has(closed_set) || has(hidden_values);
}

OptionSpec& OptionSpec::in_any_case() {
  any_case = true;
  set = [inner = std::move(set), listed = closed_set](const std::string& one) {
    const auto found = std::find_if(listed.begin(), listed.end(), [&](const std::string& each) {
      return to_lower(each) == to_lower(one);
    });
    return inner(found == listed.end() ? one : *found);
  };
  return *this;
}

OptionSpec& OptionSet::add(std::string_view names, std::string label,
                           std::function<Status(const std::string&)> set) {
  auto& spec = specs_.emplace_back();
  for (const auto name : split(names, ','))
    (name.starts_with("--") ? spec.long_name : spec.short_name) = name;
  spec.value = std::move(label);
  spec.set = std::move(set);
  return spec;
}

OptionSpec& OptionSet::value(std::string_view names, std::string& target, std::string label) {
  return add(names, std::move(label), [&target](const std::string& text) -> Status {
    target = text;
    return Done{};
  });
}

OptionSpec& OptionSet::values(std::string_view names, std::vector<std::string>& target,
                              std::string label) {
  auto& spec = add(names, std::move(label), [&target](const std::string& text) -> Status {
    target.push_back(text);
    return Done{};
  });
  spec.repeatable = true;
  return spec;
}

OptionSpec& OptionSet::flag(std::string_view names, bool& target) {
  return add(names, {}, [&target](const std::string& text) -> Status {
    target = text != "false";
    return Done{};
  });
}

OptionSpec& OptionSet::count(std::string_view names, int& target) {
  auto& spec = add(names, {}, [&target](const std::string& text) -> Status {
    if (text != "false") ++target;
    return Done{};
  });
  spec.repeatable = true;
  return spec;
}

OptionSpec& OptionSet::operands(std::vector<std::string>& target, std::string label) {
  auto& spec = add({}, {}, [&target](const std::string& text) -> Status {
    target.push_back(text);
    return Done{};
  });
  spec.long_name = std::move(label);
  spec.operand = true;
  spec.repeatable = true;
  return spec;
}

const OptionSpec* OptionSet::find(std::string_view name) const {
  const auto found = std::find_if(specs_.begin(), specs_.end(), [&](const OptionSpec& spec) {
    const auto& hidden = spec.hidden_names;
    return !spec.operand &&
           (spec.long_name == name || (!spec.short_name.empty() && spec.short_name == name) ||
            std::find(hidden.begin(), hidden.end(), name) != hidden.end());
  });
  return found == specs_.end() ? nullptr : &*found;
}

OptionWord split_option(const OptionSet& set, const std::string& word) {
  OptionWord out;
  if (word.size() < 2 || !word.starts_with('-')) return out;
  if (word.starts_with("--")) {
    const auto equals = word.find('=');
    out.name = word.substr(0, equals);
    if (equals != std::string::npos) out.value = word.substr(equals + 1);
  } else {
    out.name = word.substr(0, 2);
    // kubectl's habit -o=json; what follows a switch is more switches and no value.
    if (word.size() > 2) out.value = word.substr(word[2] == '=' ? 3 : 2);
  }
  out.spec = set.find(out.name);
  if (out.spec != nullptr && out.spec->value.empty() && !word.starts_with("--")) out.value.reset();
  return out;
}

}  // namespace aksmesh::commands
