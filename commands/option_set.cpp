// SPDX-License-Identifier: Apache-2.0
#include "option_set.hpp"

#include <algorithm>
#include <charconv>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"

namespace aksmesh::commands {
namespace {

/// Milliseconds.
Result<std::int64_t> parse_duration(const std::string& text) {
  const Error wrong{.kind = ErrorKind::usage,
                    .what = "'" + text + "' is no duration",
                    .why = "a duration is a number with a unit: 30s, 5m, 1h30m",
                    .next = {"5m"}};
  std::int64_t total = 0;
  const auto* at = text.data();
  const auto* end = at + text.size();
  while (at != end) {
    std::int64_t number = 0;
    const auto [after, error] = std::from_chars(at, end, number);
    if (error != std::errc{} || after == end || number < 0 || number > 1'000'000) return wrong;
    const bool millis = end - after >= 2 && after[0] == 'm' && after[1] == 's';
    const std::int64_t unit = millis          ? 1
                              : *after == 's' ? 1'000
                              : *after == 'm' ? 60'000
                              : *after == 'h' ? 3'600'000
                                              : 0;
    if (unit == 0) return wrong;
    total += number * unit;
    at = after + (millis ? 2 : 1);
  }
  if (total <= 0) return wrong;
  return total;
}

}  // namespace

bool OptionSpec::takes(const std::string& one) const {
  const auto has = [&](const std::vector<std::string>& list) {
    return std::any_of(list.begin(), list.end(), [&](const std::string& each) {
      return each == one || (any_case && to_lower(each) == to_lower(one));
    });
  };
  return closed_set.empty() || has(closed_set) || has(hidden_values);
}

Status OptionSpec::assign(const std::string& one, const ValueSource& source) const {
  if (!takes(one)) {
    Error error{.kind = ErrorKind::usage,
                .what = source.name + " does not take '" + one + "'",
                .why = "allowed are " + join(closed_set, ", ")};
    for (const auto& near : suggestions(one, closed_set))
      error.next.push_back(source.prefix + near);
    return error;
  }
  auto status = set(one);
  if (status) return status;
  auto error = std::move(status).error();
  error.what = source.name + ": " + error.what;
  for (auto& next : error.next) next = source.prefix + next;
  return error;
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

OptionSpec& OptionSet::duration(std::string_view names, std::int64_t& target) {
  return add(names, "DURATION", [&target](const std::string& text) -> Status {
    AK_TRY(target, parse_duration(text));
    return Done{};
  });
}

OptionSpec& OptionSet::flag(std::string_view names, bool& target) {
  return add(names, {}, [&target](const std::string& text) -> Status {
    target = text != "false";
    return Done{};
  });
}

OptionSpec& OptionSet::count(std::string_view names, int& target) {
  // One that is switched off wants less than if it were not given.
  auto& spec = add(names, {}, [&target](const std::string& text) -> Status {
    target = text == "false" ? -1 : std::max(target, 0) + 1;
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
