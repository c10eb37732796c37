// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"

// Everything printed about commands, made from their declarations.
namespace aksmesh::commands::docgen {

/// The options of a command, those that every command has included.
struct Declared {
  std::unique_ptr<Invocation> invocation;
  GlobalOptions global;
  OptionSet set;
};
/// Declares on a fresh invocation; the result must not be moved while its set is in use.
std::unique_ptr<Declared> declared(const Command& command);

/// The columns that help takes: those of a terminal, but no more than an eye follows; 80 elsewhere.
std::size_t help_width(const report::Style& style);

/// What `aksmesh help` shows: purpose, commands, topics.
std::string overview(std::string_view program, std::size_t width);
/// The commands whose names go on after these words; those that have only another name of that kind
/// where there are none.
std::vector<const Command*> commands_under(std::string_view noun);
/// What is shown of a noun such as `proxy`: its commands. Empty when there are none.
std::string overview_of(std::string_view noun, std::string_view program, std::size_t width);
/// `-h`: one screen.
std::string short_help(const Command& command, std::string_view program, std::size_t width);
/// `--help` and `help COMMAND`: the page as well, and every option.
std::string long_help(const Command& command, std::string_view program, std::size_t width);
/// The usage line without a line break.
std::string usage_line(const Command& command, std::string_view program);

std::vector<std::string> topic_names();
/// The text of a help topic, empty when there is none of that name.
std::string topic(std::string_view name, std::size_t width);

}  // namespace aksmesh::commands::docgen
