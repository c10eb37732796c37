// SPDX-License-Identifier: Apache-2.0
#include "docgen/man.hpp"
#include "text_outcome.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  std::vector<std::string> directories;
};

void declare(OptionSet& set, Options& o) {
  set.operands(o.directories, "DIRECTORY").help("Where the man pages go");
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  if (o.directories.size() != 1)
    return Error{.kind = ErrorKind::usage, .what = "__docs needs one directory"};
  std::string written;
  for (const auto& page : docgen::man_pages()) {
    AK_CHECK(context.files.write(o.directories.front() + '/' + page.name, page.text));
    written += page.name + '\n';
  }
  return text_outcome(written);
}

}  // namespace

extern const Command docs_command;
constinit const Command docs_command = command<declare, run>({.path = "__docs",
                                                              .summary = "Write the man pages",
                                                              .page = {},
                                                              .formats = Formats::text,
                                                              .hidden = true,
                                                              .outlives_settings = true});

}  // namespace aksmesh::commands
