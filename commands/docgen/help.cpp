// SPDX-License-Identifier: Apache-2.0
#include "docgen/help.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "data/resources.hpp"
#include "docgen/markdown.hpp"

namespace aksmesh::commands::docgen {
namespace {

constexpr std::string_view kTopicFolder = "man/topics/";
constexpr std::size_t kTextWidth = 80;
constexpr std::size_t kWidest = 100;
constexpr std::size_t kOptionColumn = 30;
constexpr std::string_view kGlobalGroup = "Global options";

std::string option_names(const OptionSpec& spec) {
  if (spec.operand) return spec.long_name + (spec.repeatable ? "..." : "");
  std::string out = spec.short_name.empty() ? "    " : spec.short_name + ", ";
  return out + spec.long_name + (spec.value.empty() ? "" : ' ' + spec.value);
}

/// -h must fit a screen; --help need not.
enum class Detail { brief, full };

std::string option_text(const OptionSpec& spec, const Command& command, Detail detail) {
  std::string out = spec.text;
  auto values = spec.closed_set;
  if (spec.long_name == "--output") values = format_names(command.formats);
  if (!values.empty() && !spec.operand) out += ": " + join(values, ", ");
  if (!spec.default_text.empty()) out += " (default " + spec.default_text + ")";
  if (detail == Detail::full && spec.repeatable && !spec.operand && !spec.value.empty())
    out += "; may be given several times";
  return out;
}

/// Names in the first column, behind or below them the text.
void write_line(std::string& out, const std::string& names, const std::string& text,
                std::size_t width) {
  out += names;
  if (names.size() + 2 > kOptionColumn)
    out += '\n' + std::string(kOptionColumn, ' ');
  else
    out.append(kOptionColumn - names.size(), ' ');
  out += report::wrap(text, width, std::string(kOptionColumn, ' ')) + '\n';
}

void write_options(std::string& out, const Command& command, Detail detail, std::size_t width) {
  const auto declaration = declared(command);
  std::vector<std::string> groups;
  for (const auto& spec : declaration->set.specs())
    if (!spec.hidden && std::find(groups.begin(), groups.end(), spec.group_name) == groups.end())
      groups.push_back(spec.group_name);
  for (const auto& group : groups) {
    if (group == kGlobalGroup && detail == Detail::brief) continue;
    out += '\n' + group + ":\n";
    for (const auto& spec : declaration->set.specs())
      if (spec.group_name == group && !spec.hidden)
        write_line(out, "  " + option_names(spec), option_text(spec, command, detail), width);
    if (group == kGlobalGroup)
      write_line(out, "  -h, --help", "Show help: -h in short, --help in full", width);
  }
}

void write_examples(std::string& out, const Command& command, std::string_view program,
                    std::size_t most) {
  if (command.examples.empty()) return;
  out += "\nExamples:\n";
  for (std::size_t i = 0; i < command.examples.size() && i < most; ++i) {
    const auto& example = command.examples[i];
    out.append("  # ")
        .append(example.purpose)
        .append("\n  ")
        .append(replace_all(example.line, "aksmesh ", std::string(program) + ' '))
        .append("\n");
  }
}

void write_commands(std::string& out, const std::vector<const Command*>& commands,
                    std::size_t width) {
  std::size_t column = 0;
  for (const auto* command : commands) column = std::max(column, command->path.size() + 4);
  const std::string indent(column, ' ');
  for (const auto* command : commands) {
    const auto path = "  " + std::string(command->path);
    out.append(path)
        .append(column - path.size(), ' ')
        .append(report::wrap(command->summary, width, indent))
        .append("\n");
  }
}

}  // namespace

std::unique_ptr<Declared> declared(const Command& command) {
  auto out = std::make_unique<Declared>();
  out->invocation = command.make();
  out->invocation->declare(out->set);
  declare_global_options(out->set, out->global);
  return out;
}

std::string usage_line(const Command& command, std::string_view program) {
  std::string out = std::string(program) + ' ' + std::string(command.path);
  const auto declaration = declared(command);
  for (const auto& spec : declaration->set.specs())
    if (spec.operand)
      out += spec.optional ? " [" + option_names(spec) + ']' : ' ' + option_names(spec);
  return out + " [options]";
}

std::size_t help_width(const report::Style& style) {
  return style.width == 0 ? kTextWidth : std::min(style.width, kWidest);
}

std::string overview(std::string_view program, std::size_t width) {
  std::vector<const Command*> shown;
  for (const auto* command : catalogue())
    if (!command->hidden) shown.push_back(command);
  std::string out = std::string(program) +
                    ": the Istio-based service mesh add-on of Azure Kubernetes Service, from the "
                    "command line\n\nUsage: " +
                    std::string(program) + " COMMAND [options]\n\nCommands:\n";
  write_commands(out, shown, width);
  out += "\nTopics:\n  " + join(topic_names(), ", ") + "\n\nMore: " + std::string(program) +
         " help COMMAND, " + std::string(program) + " help TOPIC, " + std::string(program) +
         " COMMAND -h\n";
  return out;
}

std::vector<const Command*> commands_under(std::string_view noun) {
  const auto goes_on = [&](std::string_view path) {
    return path.size() > noun.size() && path[noun.size()] == ' ' && path.starts_with(noun);
  };
  std::vector<const Command*> own;
  std::vector<const Command*> others;
  for (const auto* command : catalogue()) {
    if (command->hidden) continue;
    if (goes_on(command->path))
      own.push_back(command);
    else if (std::any_of(command->aliases.begin(), command->aliases.end(), goes_on))
      others.push_back(command);
  }
  return own.empty() ? others : own;
}

std::string overview_of(std::string_view noun, std::string_view program, std::size_t width) {
  const auto commands = commands_under(noun);
  if (commands.empty()) return {};
  std::string out = "Usage: " + std::string(program) + ' ' + std::string(noun) +
                    " COMMAND [options]\n\nCommands:\n";
  write_commands(out, commands, width);
  return out + "\nMore: " + std::string(program) + " help COMMAND, " + std::string(program) +
         " COMMAND -h\n";
}

std::string short_help(const Command& command, std::string_view program, std::size_t width) {
  std::string out =
      std::string(command.summary) + ".\n\nUsage: " + usage_line(command, program) + '\n';
  write_examples(out, command, program, 2);
  write_options(out, command, Detail::brief, width);
  return out +
         "\nGlobal options (-o, --color, -q, -v and others) and more: " + std::string(program) +
         ' ' + std::string(command.path) + " --help\n";
}

std::string long_help(const Command& command, std::string_view program, std::size_t width) {
  std::string out =
      std::string(command.summary) + ".\n\nUsage: " + usage_line(command, program) + '\n';
  if (!command.aliases.empty()) {
    std::vector<std::string> names(command.aliases.begin(), command.aliases.end());
    out += "Also: " + join(names, ", ") + '\n';
  }
  write_examples(out, command, program, command.examples.size());
  write_options(out, command, Detail::full, width);
  const auto page = data::resource(command.page);
  if (!page.empty())
    out += '\n' + markdown_to_text(replace_all(page, "`aksmesh ", '`' + std::string(program) + ' '),
                                   report::Style{.width = width});
  return out;
}

std::vector<std::string> topic_names() {
  std::vector<std::string> out;
  for (const auto& resource : data::embedded_resources()) {
    if (!resource.name.starts_with(kTopicFolder) || !resource.name.ends_with(".md")) continue;
    auto name = resource.name.substr(kTopicFolder.size());
    name.remove_suffix(3);
    out.emplace_back(name);
  }
  return out;
}

std::string topic(std::string_view name, std::size_t width) {
  const auto page = data::resource(std::string(kTopicFolder) + std::string(name) + ".md");
  return page.empty() ? std::string{} : markdown_to_text(page, report::Style{.width = width});
}

}  // namespace aksmesh::commands::docgen
