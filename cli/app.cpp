// SPDX-License-Identifier: Apache-2.0
#include "app.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/edit_distance.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "console.hpp"
#include "docgen/help.hpp"
#include "early_options.hpp"
#include "exit_code.hpp"
#include "hints.hpp"
#include "net/more_time.hpp"
#include "parser.hpp"
#include "report_error.hpp"
#include "resolve.hpp"
#include "settings_file.hpp"
#include "streams.hpp"
#include "sys/mode_keeping.hpp"
#include "telling_files.hpp"

namespace aksmesh::cli {
namespace {

using commands::Command;
using commands::Context;
using commands::Formats;
using commands::GlobalOptions;

constexpr std::size_t kSummaryLimit = 1'000'000;  // GitHub takes at most 1 MiB of step summary

/// Formats for programs, which want no words for people beside them.
bool is_document(const std::string& format) {
  return format == "json" || format == "yaml";
}

int fail(World& world, const Error& error, const GlobalOptions& global) {
  world.err.write(is_document(global.output)
                      ? error_json(error)
                      : error_text(error, style_of(world, world.err, global)));
  return exit_code(error.kind);
}

bool has(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// What to use instead of the formats of az that are none here; empty for any other word.
std::string instead_of(const std::string& format) {
  if (format == "tsv") return "-o json | jq -r EXPRESSION   (one value), or --no-headers";
  if (format == "none") return "--quiet >/dev/null   (the exit code tells)";
  if (format == "jsonc") return "-o json";
  if (format == "yamlc") return "-o yaml";
  return {};
}

Status check_format(const Command& command, const sys::Origins& origins, GlobalOptions& global) {
  for (const char* word : {"log", "short", "table"})
    if (global.output == word) global.output = "text";
  auto known = commands::format_names(command.formats);
  if (has(known, global.output)) return Done{};
  const auto origin = origins.find("--output");
  Error error{.kind = ErrorKind::usage};
  std::string prefix = "-o ";
  if (origin == origins.end()) {
    error.what =
        "'" + std::string(command.path) + "' cannot print the format '" + global.output + "'";
    error.why = "it prints " + join(known, ", ");
  } else {
    // A default for all commands suits those that know it; the others keep their own.
    known = commands::format_names(Formats::findings);
    if (has(known, global.output)) {
      global.output = "text";
      return Done{};
    }
    error.what = origin->second.name + " does not take '" + global.output + "'";
    error.why = "known formats are " + join(known, ", ");
    prefix = origin->second.name + '=';  // a variable: reading the file has tried its values
  }
  if (const auto other = instead_of(global.output); !other.empty()) {
    error.next.push_back(other);
    return error;
  }
  for (const auto& near : suggestions(global.output, known)) error.next.push_back(prefix + near);
  return error;
}

std::string render(const commands::Outcome& outcome, const std::string& format,
                   const report::Style& style) {
  if (format == "json") return outcome.json();
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

/// Writes what was asked for to standard output; a reader that went away is no failure.
Status deliver(std::string_view text, World& world) {
  world.out.write(text);
  if (const auto why = world.out.failure(); !why.empty())
    return Error{.kind = ErrorKind::server, .what = "cannot write the result", .why = why};
  return Done{};
}

Status write_file(const commands::Outcome& outcome, const std::string& path, std::string_view text,
                  sys::Files& files) {
  return outcome.holds_secrets ? sys::write_keeping_mode(files, path, text)
                               : files.write(path, text);
}

Status deliver(const commands::Outcome& outcome, const GlobalOptions& global, World& world) {
  const bool to_file = !global.output_file.empty();
  auto style = to_file ? report::Style{.ascii = global.ascii} : style_of(world, world.out, global);
  if (global.output == "wide") style.width = 0;  // nothing is dropped or shortened
  const auto text = render(outcome, global.output, style);
  AK_CHECK(to_file ? write_file(outcome, global.output_file, text, world.files)
                   : deliver(text, world));
  return write_step_summary(outcome, global, world);
}

int finish(const commands::Outcome& outcome, const GlobalOptions& global, World& world) {
  const auto delivered = deliver(outcome, global, world);
  if (!global.quiet)
    for (const auto& note : outcome.notes) world.err.write("note: " + printable(note) + '\n');
  if (!global.quiet && world.out.is_terminal())
    for (const auto& hint : outcome.hints) world.err.write("note: " + printable(hint) + '\n');
  if (!delivered) {
    auto error = delivered.error();
    if (const auto deed = outcome.deed(); !deed.empty()) error.why += "; all the same " + deed;
    return fail(world, error, global);
  }
  return exit_code(outcome.verdict);
}

/// What parts a result from the one before it: a terminal shows one at a time.
std::string separator_of(const GlobalOptions& global, const World& world) {
  if (global.output == "yaml") return "---\n";
  if (is_document(global.output)) return {};
  const bool redraws = world.out.is_terminal() && world.env.get("TERM").value_or("dumb") != "dumb";
  return redraws ? "\x1b[2J\x1b[H" : "\n";
}

/// A context and what belongs to it for one run.
class Run {
 public:
  Run(World& world, sys::Files& files, const GlobalOptions& global, const std::string& program,
      Parsed parsed = {})
      : progress_(world, global),
        asker_(world),
        context_{.files = files,
                 .env = world.env,
                 .clock = world.clock,
                 .http = world.http,
                 .random = world.random,
                 .process = world.process,
                 .cancel = world.cancel,
                 .progress = progress_,
                 .asker = asker_,
                 .global = global,
                 .program = program,
                 .origins = std::move(parsed.origins),
                 .aim = std::move(parsed.aim)},
        began_(world.clock.steady()) {}
  [[nodiscard]] const Context& context() const { return context_; }

  /// An error of this run, with hints that go through when they are copied.
  [[nodiscard]] Error told(Error error) const {
    error.next = commands::aimed(std::move(error.next), context_.program, context_.aim);
    const auto deadline = context_.http.deadline();
    if (deadline > 0) error.next = net::told_how_long(std::move(error.next), deadline - began_);
    return error;
  }

 private:
  ConsoleProgress progress_;
  ConsoleAsker asker_;
  Context context_;
  std::int64_t began_;  // steady
};

/// Shows results until there are no more, or nobody reads them any longer.
int follow(commands::OutcomePtr outcome, const Run& run, const GlobalOptions& global,
           World& world) {
  while (outcome->more) {
    const int code = finish(*outcome, global, world);
    if (world.out.closed() || !world.out.failure().empty()) return code;
    auto next = outcome->more();
    if (!next)  // whoever ends it has seen enough
      return next.error().kind == ErrorKind::cancelled
                 ? exit_code(ErrorKind::cancelled)
                 : fail(world, run.told(next.error()), global);
    if (global.output_file.empty()) world.out.write(separator_of(global, world));
    outcome = std::move(next).value();
  }
  return finish(*outcome, global, world);
}

int answer(Asked asked, const Command* command, const std::string& noun, const std::string& program,
           const GlobalOptions& global, World& world) {
  std::string text;
  const auto width = commands::docgen::help_width(style_of(world, world.out, global));
  if (asked == Asked::version) {
    const auto* version = commands::find_command("version");
    const auto outcome = version->make()->run(Run(world, world.files, global, program).context());
    text = outcome.value()->text({});
  } else if (command == nullptr) {
    text = noun.empty() ? commands::docgen::overview(program, width)
                        : commands::docgen::overview_of(noun, program, width);
  } else {
    text = asked == Asked::long_help ? commands::docgen::long_help(*command, program, width)
                                     : commands::docgen::short_help(*command, program, width);
  }
  const auto delivered = deliver(text, world);
  return delivered ? kDone : fail(world, delivered.error(), global);
}

/// A line that names no command.
int without_command(const std::vector<std::string>& rest, const std::string& program,
                    const GlobalOptions& global, World& world) {
  if (rest.empty() && !is_document(global.output)) {
    world.err.write("Usage: " + program + " COMMAND [options]\nMore: " + program + " help\n");
    return kUsage;
  }
  return fail(world,
              Error{.kind = ErrorKind::usage,
                    .what = "no command is given",
                    .next = {program + " help   (lists all commands)"}},
              global);
}

int run_command(const Command& command, const std::vector<std::string>& args,
                const std::string& program, const GlobalOptions& early,
                const sys::Settings& settings, World& world) {
  auto invocation = command.make();
  commands::OptionSet set;
  invocation->declare(set);
  GlobalOptions global;
  commands::declare_global_options(set, global);
  auto parsed = parse(set, args, world.env, settings, std::string(command.path), program);
  if (!parsed) return fail(world, parsed.error(), early);
  if (!settings.problems.empty() && !command.outlives_settings)
    return fail(world, commands::settings_error(settings), global);
  if (const auto fits = check_format(command, parsed->origins, global); !fits)
    return fail(world, fits.error(), global);
  TellingFiles telling(world.files, world.err);
  const bool tells = world.in_is_terminal && world.err.is_terminal() && !global.quiet &&
                     !is_document(global.output);
  sys::Files& files = tells ? telling : world.files;
  const Run run(world, files, global, program, std::move(parsed).value());
  auto outcome = invocation->run(run.context());
  if (outcome) return follow(std::move(outcome).value(), run, global, world);
  return fail(world, run.told(std::move(outcome).error()), global);
}

}  // namespace

int run(const std::vector<std::string>& args, World& world) {
  const std::string program = program_name(args.empty() ? "aksmesh" : args.front());
  const std::vector<std::string> words(args.begin() + (args.empty() ? 0 : 1), args.end());
  const auto settings = commands::read_settings(world.files, world.env);
  const auto early = early_options(words, world.env, settings);
  if (!words.empty() && words.front() == "__complete") {
    // What the shell asks about an unfinished line is data, whatever it looks like.
    std::vector<std::string> rest(words.begin() + 1, words.end());
    rest.insert(rest.begin(), "--");
    return run_command(*commands::find_command("__complete"), rest, program, early, settings,
                       world);
  }
  const auto asked = asked_for(words);
  if (asked == Asked::short_help || asked == Asked::long_help)
    if (const auto known = check_words(words, program); !known)
      return fail(world, known.error(), early);
  const auto resolved = resolve(words, program);
  if (asked != Asked::nothing)
    return answer(asked, resolved ? resolved.value().command : nullptr, noun_of(words), program,
                  early, world);
  if (!resolved) return fail(world, resolved.error(), early);
  const auto& [command, rest] = resolved.value();
  if (command == nullptr) return without_command(rest, program, early, world);
  return run_command(*command, rest, program, early, settings, world);
}

}  // namespace aksmesh::cli
