// SPDX-License-Identifier: Apache-2.0
#include "app.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "docgen/help.hpp"
#include "exit_code.hpp"
#include "parser.hpp"
#include "report_error.hpp"
#include "resolve.hpp"

namespace aksmesh::cli {
namespace {

using commands::Command;
using commands::Context;
using commands::Formats;
using commands::GlobalOptions;

constexpr std::size_t kSummaryLimit = 1'000'000;  // GitHub takes at most 1 MiB of step summary

bool set_and_not_empty(const sys::Environment& env, const char* name) {
  const auto value = env.get(name);
  return value && !value->empty();
}

bool wants_color(const World& world, const sys::OutputStream& stream, const GlobalOptions& global) {
  if (global.color != "auto") return global.color == "always";
  if (set_and_not_empty(world.env, "NO_COLOR")) return false;
  for (const char* name : {"CLICOLOR_FORCE", "FORCE_COLOR"}) {
    const auto value = world.env.get(name);
    if (value && !value->empty() && *value != "0") return true;
  }
  return stream.is_terminal() && world.env.get("TERM").value_or("dumb") != "dumb";
}

bool speaks_utf8(const sys::Environment& env) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = env.get(name);
    if (!value || value->empty()) continue;
    const auto lower = to_lower(*value);
    return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
  }
  return false;
}

report::Style style_of(const World& world, const sys::OutputStream& stream,
                       const GlobalOptions& global) {
  report::Style style;
  style.color = wants_color(world, stream, global);
  style.ascii = global.ascii || (stream.is_terminal() && !speaks_utf8(world.env));
  style.is_terminal = stream.is_terminal();
  if (style.is_terminal) {
    const auto columns = world.env.get("COLUMNS").value_or("");
    const bool number = !columns.empty() && columns.size() < 6 &&
                        columns.find_first_not_of("0123456789") == std::string::npos;
    if (world.terminal_width > 0)
      style.width = static_cast<std::size_t>(world.terminal_width);
    else
      style.width = number ? std::stoul(columns) : 80;
  }
  return style;
}

int fail(World& world, const Error& error, const GlobalOptions& global) {
  const bool machine = global.output == "json" || global.output == "yaml";
  world.err.write(machine ? error_json(error)
                          : error_text(error, style_of(world, world.err, global)));
  return exit_code(error.kind);
}

/// The format that the line asks for, before the line is parsed: errors must come in it too.
std::string guess_output(const std::vector<std::string>& args) {
  std::string out = "text";
  for (std::size_t i = 0; i < args.size() && args[i] != "--"; ++i) {
    if ((args[i] == "-o" || args[i] == "--output") && i + 1 < args.size()) out = args[i + 1];
    if (args[i].starts_with("--output=")) out = args[i].substr(9);
    if (args[i].starts_with("-o") && args[i].size() > 2)
      out = args[i].substr(args[i][2] == '=' ? 3 : 2);
  }
  return out;
}

Status check_format(const Command& command, GlobalOptions& global) {
  for (const char* word : {"log", "short", "table"})
    if (global.output == word) global.output = "text";
  const auto known = commands::format_names(command.formats);
  if (std::find(known.begin(), known.end(), global.output) != known.end()) return Done{};
  Error error{
      .kind = ErrorKind::usage,
      .what = "'" + std::string(command.path) + "' cannot print the format '" + global.output + "'",
      .why = "it prints " + join(known, ", ")};
  for (const auto& near : suggestions(global.output, known)) error.next.push_back("-o " + near);
  return error;
}

std::string render(const commands::Outcome& outcome, const std::string& format,
                   const report::Style& style) {
  if (format == "json") return report::to_json_text(outcome.document());
  if (format == "yaml") return report::to_yaml_text(outcome.document());
  if (const auto* findings = outcome.findings()) {
    if (format == "sarif") return report::render_sarif(*findings, outcome.render_context());
    if (format == "junit") return report::render_junit(*findings, outcome.render_context());
    if (format == "github") return report::render_github(*findings, outcome.render_context());
    if (format == "azure-pipelines")
      return report::render_azure_pipelines(*findings, outcome.render_context());
    if (format == "markdown")
      return report::render_markdown(*findings, outcome.render_context(), 0);
  }
  return outcome.text(style);
}

/// On GitHub the annotations show only a few findings; the step summary holds them all.
Status write_step_summary(const commands::Outcome& outcome, const GlobalOptions& global,
                          World& world) {
  const auto path = world.env.get("GITHUB_STEP_SUMMARY").value_or("");
  if (global.output != "github" || outcome.findings() == nullptr || path.empty()) return Done{};
  return world.files.append(
      path, report::render_markdown(*outcome.findings(), outcome.render_context(), kSummaryLimit));
}

int finish(const commands::Outcome& outcome, const GlobalOptions& global, World& world) {
  const bool to_file = !global.output_file.empty();
  auto style = style_of(world, world.out, global);
  if (to_file) style = report::Style{.ascii = global.ascii};
  const auto text = render(outcome, global.output, style);
  if (to_file) {
    if (const auto written = world.files.write(global.output_file, text); !written)
      return fail(world, written.error(), global);
  } else {
    world.out.write(text);
  }
  if (const auto written = write_step_summary(outcome, global, world); !written)
    return fail(world, written.error(), global);
  if (!global.quiet)
    for (const auto& note : outcome.notes) world.err.write("note: " + note + '\n');
  if (const auto why = world.out.failure(); !why.empty())
    return fail(world,
                Error{.kind = ErrorKind::server, .what = "cannot write the result", .why = why},
                global);
  return exit_code(outcome.verdict);
}

int answer(Asked asked, const Command* command, const std::string& program, World& world) {
  if (asked == Asked::version) {
    GlobalOptions global;
    auto invocation = commands::find_command("version")->make();
    const auto outcome =
        invocation->run(Context{world.files, world.env, world.clock, global, program});
    world.out.write(outcome.value()->text({}));
  } else if (command == nullptr) {
    world.out.write(commands::docgen::overview(program));
  } else {
    world.out.write(asked == Asked::long_help ? commands::docgen::long_help(*command, program)
                                              : commands::docgen::short_help(*command, program));
  }
  return kDone;
}

}  // namespace

int run(const std::vector<std::string>& args, World& world) {
  const std::string program = program_name(args.empty() ? "aksmesh" : args.front());
  const std::vector<std::string> words(args.begin() + (args.empty() ? 0 : 1), args.end());
  GlobalOptions global;
  global.output = guess_output(words);
  // What the shell asks about an unfinished line is data, whatever it looks like.
  const bool completing = !words.empty() && words.front() == "__complete";
  const auto asked = completing ? Asked::nothing : asked_for(words);
  auto resolved = completing ? Result<Resolved>(Resolved{commands::find_command("__complete"), {}})
                             : resolve(words, program);
  if (asked != Asked::nothing)
    return answer(asked, resolved ? resolved->command : nullptr, program, world);
  if (!resolved) return fail(world, resolved.error(), global);
  if (completing) {
    resolved->rest = {words.begin() + 1, words.end()};
    resolved->rest.insert(resolved->rest.begin(), "--");
  }
  const auto* command = resolved->command;
  if (command == nullptr) {
    if (!resolved->rest.empty())
      return fail(world,
                  Error{.kind = ErrorKind::usage,
                        .what = "no command is given",
                        .next = {program + " help   (lists all commands)"}},
                  global);
    world.err.write(commands::docgen::overview(program));
    return kUsage;
  }
  auto invocation = command->make();
  commands::OptionSet set;
  invocation->declare(set);
  global = GlobalOptions{};
  commands::declare_global_options(set, global);
  if (const auto parsed =
          parse(set, resolved->rest, world.env, std::string(command->path), program);
      !parsed) {
    global.output = guess_output(words);
    return fail(world, parsed.error(), global);
  }
  if (const auto fits = check_format(*command, global); !fits)
    return fail(world, fits.error(), global);
  const auto outcome =
      invocation->run(Context{world.files, world.env, world.clock, global, program});
  if (!outcome) return fail(world, outcome.error(), global);
  return finish(*outcome.value(), global, world);
}

}  // namespace aksmesh::cli
