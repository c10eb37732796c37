// SPDX-License-Identifier: Apache-2.0
#include "parser.hpp"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "command.hpp"
#include "docgen/help.hpp"

// The only file that knows CLI11.
namespace aksmesh::cli {
namespace {

using commands::OptionSpec;

struct Bound {
  const OptionSpec* spec = nullptr;
  CLI::Option* option = nullptr;
  std::vector<std::string> values;
};

std::string all_names(const OptionSpec& spec) {
  if (spec.operand) return "operands";
  std::vector<std::string> names;
  if (!spec.short_name.empty()) names.push_back(spec.short_name);
  names.push_back(spec.long_name);
  for (const auto& hidden : spec.hidden_names) names.push_back(hidden);
  return join(names, ",");
}

void bind(CLI::App& app, Bound& bound) {
  const auto& spec = *bound.spec;
  if (!spec.operand && spec.value.empty()) {
    bound.option = app.add_flag(all_names(spec));
    return;
  }
  bound.option = app.add_option(all_names(spec), bound.values);
  if (!spec.operand)
    bound.option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
}

Error unknown_options(const commands::OptionSet& set, const std::vector<std::string>& unknown,
                      const std::string& command, const std::string& program) {
  std::vector<std::string> known;
  for (const auto& spec : set.specs())
    if (!spec.operand && !spec.hidden) known.push_back(spec.long_name);
  known.emplace_back("--help");
  Error error{.kind = ErrorKind::usage};
  for (const auto& word : unknown) {
    const auto name = word.substr(0, word.find('='));
    error.what += (error.what.empty() ? "unknown option " : ", ") + name;
    for (const auto& near : suggestions(name, known))
      error.next.push_back("did you mean " + near + "?");
    std::vector<std::string> elsewhere;
    for (const auto* other : commands::catalogue())
      if (!other->hidden && other->path != command &&
          commands::docgen::declared(*other)->set.find(name) != nullptr)
        elsewhere.emplace_back(other->path);
    if (!elsewhere.empty())
      error.why +=
          (error.why.empty() ? "" : "; ") + name + " is an option of " + join(elsewhere, ", ");
  }
  error.next.push_back(program + ' ' + command + " -h");
  return error;
}

/// An option at the end, or before another option, that lacks the value it takes.
std::string option_without_value(const commands::OptionSet& set,
                                 const std::vector<std::string>& args) {
  for (std::size_t i = 0; i < args.size(); ++i) {
    const auto* spec = set.find(args[i]);
    if (spec != nullptr && !spec->value.empty() &&
        (i + 1 == args.size() || set.find(args[i + 1]) != nullptr))
      return args[i] + ' ' + spec->value;
  }
  return {};
}

Status assign(const OptionSpec& spec, const std::string& value, const std::string& source) {
  const auto& closed = spec.closed_set;
  const bool listed = closed.empty() ||
                      std::find(closed.begin(), closed.end(), value) != closed.end() ||
                      std::find(spec.hidden_values.begin(), spec.hidden_values.end(), value) !=
                          spec.hidden_values.end();
  if (!listed) {
    Error error{.kind = ErrorKind::usage,
                .what = source + " does not take '" + value + "'",
                .why = "allowed are " + join(closed, ", ")};
    for (const auto& near : suggestions(value, closed)) error.next.push_back(source + ' ' + near);
    return error;
  }
  return spec.set(value);
}

/// On the command line a switch is counted, an option that may stand once must not stand twice.
Status take_line_values(const Bound& bound) {
  const auto& spec = *bound.spec;
  if (!spec.operand && spec.value.empty()) {
    for (const auto& text : bound.option->results()) AK_CHECK(spec.set(text));
    return Done{};
  }
  if (!spec.repeatable && bound.values.size() > 1)
    return Error{
        .kind = ErrorKind::usage,
        .what = spec.long_name + " is given " + std::to_string(bound.values.size()) + " times",
        .why = "it takes one value: " + join(bound.values, ", ")};
  for (const auto& value : bound.values) AK_CHECK(assign(spec, value, spec.long_name));
  return Done{};
}

Status take_environment(const Bound& bound, const sys::Environment& env) {
  const auto& spec = *bound.spec;
  if (spec.variable.empty() || bound.option->count() > 0) return Done{};
  const auto value = env.get(spec.variable);
  if (!value || value->empty()) return Done{};
  return assign(spec, *value, spec.variable);
}

}  // namespace

Status parse(const commands::OptionSet& set, const std::vector<std::string>& args,
             const sys::Environment& env, const std::string& command, const std::string& program) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  bool has_operands = false;
  std::vector<std::unique_ptr<Bound>> all;
  for (const auto& spec : set.specs()) {
    all.push_back(std::make_unique<Bound>(Bound{.spec = &spec}));
    bind(app, *all.back());
    has_operands = has_operands || spec.operand;
  }
  try {
    std::vector<std::string> reversed(args.rbegin(), args.rend());  // as CLI11 takes them
    app.parse(std::move(reversed));
  } catch (const CLI::Error&) {
    const auto lacking = option_without_value(set, args);
    if (!lacking.empty())
      return Error{.kind = ErrorKind::usage,
                   .what = "a value is missing: " + lacking,
                   .next = {program + ' ' + command + " -h"}};
    return Error{.kind = ErrorKind::usage,
                 .what = "the options of '" + command + "' are not understood",
                 .next = {program + ' ' + command + " -h"}};
  }
  std::vector<std::string> unknown;
  std::vector<std::string> extra;
  for (const auto& word : app.remaining()) {
    if (word == "--") continue;
    (word.starts_with('-') ? unknown : extra).push_back(word);
  }
  if (!unknown.empty()) return unknown_options(set, unknown, command, program);
  if (!extra.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "'" + command + "' does not take '" + join(extra, "', '") + "'",
                 .why = has_operands ? "" : "it has no operands",
                 .next = {program + ' ' + command + " -h"}};
  for (const auto& bound : all) AK_CHECK(take_line_values(*bound));
  for (const auto& bound : all) AK_CHECK(take_environment(*bound, env));
  return Done{};
}

}  // namespace aksmesh::cli
