// SPDX-License-Identifier: Apache-2.0
#include "parser.hpp"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>

#include "base/strings.hpp"
#include "mistakes.hpp"
#include "sys/given_value.hpp"

// The only file that knows CLI11.
namespace aksmesh::cli {
namespace {

using commands::OptionSpec;
using commands::ValueSource;

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

/// Whether the word behind an option that wants a value is an option rather than that value.
bool begins_option(const commands::OptionSet& set, const std::string& word) {
  return word.starts_with("--") || commands::split_option(set, word).spec != nullptr;
}

Error value_missing(const commands::OptionSet& set, const commands::OptionWord& option,
                    const std::string& next, const std::string& help) {
  Error error{.kind = ErrorKind::usage,
              .what = "a value is missing: " + option.name + ' ' + option.spec->value};
  // A file name or pattern may begin like an option (-odd.yaml for -o); then the two must be
  // joined.
  if (!next.empty() && next != "--" && set.find(next.substr(0, next.find('='))) == nullptr)
    error.next.push_back(option.name + '=' + next + "   (if " + next + " is the value)");
  error.next.push_back(help);
  return error;
}

/// The words as CLI11 shall see them. It would take whatever follows an option for its value,
/// another option as well, and does not know -o=json.
Result<std::vector<std::string>> prepared(const commands::OptionSet& set,
                                          const std::vector<std::string>& args,
                                          const std::string& help) {
  std::vector<std::string> out;
  std::size_t i = 0;
  for (; i < args.size() && args[i] != "--"; ++i) {
    const auto word = commands::split_option(set, args[i]);
    if (word.spec == nullptr || word.spec->value.empty()) {
      out.push_back(args[i]);
      continue;
    }
    if (word.value && word.value->empty()) return value_missing(set, word, {}, help);
    if (word.value) {
      out.push_back(word.name + (word.name.starts_with("--") ? "=" : "") + *word.value);
      continue;
    }
    const auto next = i + 1 < args.size() ? args[i + 1] : std::string();
    if (i + 1 == args.size() || begins_option(set, next))
      return value_missing(set, word, next, help);
    out.push_back(args[i]);
    out.push_back(args[++i]);
  }
  out.insert(out.end(), args.begin() + static_cast<std::ptrdiff_t>(i), args.end());
  return out;
}

/// A switch may be given a truth value, as istioctl's may: --use-kube=false.
Status switch_to(const OptionSpec& spec, const std::string& text) {
  const auto word = to_lower(text);
  for (const char* yes : {"true", "t", "1"})
    if (word == yes) return spec.set("true");
  for (const char* no : {"false", "f", "0"})
    if (word == no) return spec.set("false");
  return Error{.kind = ErrorKind::usage,
               .what = spec.long_name + " does not take '" + text + "'",
               .why = "it is a switch: on when it is given, off with =false",
               .next = {spec.long_name, spec.long_name + "=false"}};
}

/// On the command line a switch is counted, an option that may stand once must not stand twice.
Status take_line_values(const Bound& bound, const std::string& command,
                        const std::string& program) {
  const auto& spec = *bound.spec;
  if (!spec.operand && spec.value.empty()) {
    for (const auto& text : bound.option->results()) AK_CHECK(switch_to(spec, text));
    return Done{};
  }
  if (!spec.operand && !spec.repeatable && bound.values.size() > 1)
    return Error{
        .kind = ErrorKind::usage,
        .what = spec.long_name + " is given " + std::to_string(bound.values.size()) + " times",
        .why = "it takes one value: " + join(bound.values, ", ")};
  const auto source = spec.operand
                          ? ValueSource{'\'' + command + '\'', program + ' ' + command + ' '}
                          : ValueSource{spec.long_name, spec.long_name + ' '};
  for (const auto& value : bound.values) AK_CHECK(spec.assign(value, source));
  return Done{};
}

/// The variable, else the settings file.
Status take_default(const Bound& bound, const sys::Environment& env, const sys::Settings& settings,
                    sys::Origins& origins) {
  const auto& spec = *bound.spec;
  if (spec.variable.empty() || bound.option->count() > 0) return Done{};
  const auto key = spec.long_name.substr(2);
  const auto given = sys::given_value(spec.variable, key, env, settings);
  if (!given) return Done{};
  const bool of_file = given->kind == sys::Origin::Kind::file;
  const auto name = of_file ? given->place + ": " + key : given->place;
  origins[spec.long_name] = {.kind = given->kind, .name = name};
  return spec.assign(given->value, {name, of_file ? key + ": " : name + '='});
}

}  // namespace

Result<Parsed> parse(const commands::OptionSet& set, const std::vector<std::string>& args,
                     const sys::Environment& env, const sys::Settings& settings,
                     const std::string& command, const std::string& program) {
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
  const auto help = program + ' ' + command + " -h";
  AK_TRY(auto words, prepared(set, args, help));
  try {
    std::reverse(words.begin(), words.end());  // as CLI11 takes them
    app.parse(std::move(words));
  } catch (const CLI::Error&) {
    return Error{.kind = ErrorKind::usage,
                 .what = "the options of '" + command + "' are not understood",
                 .next = {help}};
  }
  std::vector<std::string> unknown;
  std::vector<std::string> extra;
  for (const auto& word : app.remaining()) {
    if (word == "--") continue;
    (word.starts_with('-') ? unknown : extra).push_back(word);
  }
  if (!unknown.empty()) return unknown_options(unknown, set, command, program);
  if (!extra.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "'" + command + "' does not take '" + join(extra, "', '") + "'",
                 .why = has_operands ? "" : "it has no operands",
                 .next = {help}};
  for (const auto& bound : all) AK_CHECK(take_line_values(*bound, command, program));
  Parsed out;
  for (const auto& bound : all) {
    AK_CHECK(take_default(*bound, env, settings, out.origins));
    if (bound->spec->aims && !bound->values.empty())
      out.aim.emplace_back(bound->spec->long_name, bound->values.back());
  }
  return out;
}

}  // namespace aksmesh::cli
