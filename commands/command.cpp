// SPDX-License-Identifier: Apache-2.0
#include "command.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace aksmesh::commands {

#define X(name) extern const Command name;
#include "catalogue.inc"
#undef X

namespace {
constexpr std::array kAll{
#define X(name) &name,
#include "catalogue.inc"
#undef X
};
}  // namespace

Outcome::~Outcome() = default;
nlohmann::ordered_json Outcome::document() const {
  return {};
}
std::string Outcome::json() const {
  return report::to_json_text(document());
}

std::vector<std::string> format_names(Formats formats) {
  std::vector<std::string> names{"text"};
  if (formats >= Formats::documents) names.insert(names.end(), {"wide", "json", "yaml"});
  if (formats == Formats::findings)
    names.insert(names.end(), {"sarif", "junit", "github", "azure-pipelines", "markdown"});
  return names;
}

std::span<const Command* const> catalogue() {
  return kAll;
}

const Command* find_command(std::string_view path) {
  const auto found = std::find_if(kAll.begin(), kAll.end(), [&](const Command* command) {
    return command->path == path || std::find(command->aliases.begin(), command->aliases.end(),
                                              path) != command->aliases.end();
  });
  return found == kAll.end() ? nullptr : *found;
}

Error exclude_each_other(const std::string& option, const std::string& other, std::string why) {
  return {.kind = ErrorKind::usage,
          .what = option + " and " + other + " exclude each other",
          .why = std::move(why),
          .next = {"leave out one of both"}};
}

Error mistake_in(const std::string& option, Error error, const Context& context) {
  const auto origin = context.origins.find(option);
  if (origin != context.origins.end()) error.what = origin->second.name + ": " + error.what;
  return error;
}

bool outranks(const std::string& option, const std::string& other, const Context& context) {
  const auto rank = [&](const std::string& name) {
    const auto origin = context.origins.find(name);
    return origin == context.origins.end() ? 2 : static_cast<int>(origin->second.kind);
  };
  return rank(option) > rank(other);
}

void declare_global_options(OptionSet& set, GlobalOptions& options) {
  const std::string group = "Global options";
  set.value("-o,--output", options.output, "FORMAT")
      .group(group)
      .env("AKSMESH_OUTPUT")
      .preset("text")
      .also({"log", "short", "table"})
      .complete(Complete::choices)
      .help("Format of the result");
  set.value("--output-file", options.output_file, "PATH")
      .group(group)
      .complete(Complete::files)
      .help("Write the result to a file instead of standard output");
  set.flag("--no-headers", options.no_headers)
      .group(group)
      .help("Leave out the header line of tables");
  set.value("--color", options.color, "WHEN")
      .group(group)
      .env("AKSMESH_COLOR")
      .preset("auto")
      .choices({"auto", "always", "never"})
      .help("When to colour text");
  set.flag("--ascii", options.ascii).group(group).help("Use only ASCII marks");
  set.flag("-q,--quiet", options.quiet)
      .alias("--only-show-errors")
      .group(group)
      .help("Say nothing on standard error but errors");
  set.count("-v,--verbose", options.verbose)
      .alias("--debug")
      .group(group)
      .help("Say more; twice for everything");
}

}  // namespace aksmesh::commands
