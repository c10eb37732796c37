// SPDX-License-Identifier: Apache-2.0
#include "docgen/man.hpp"

#include "base/strings.hpp"
#include "checks/check.hpp"
#include "checks/teller.hpp"
#include "data/resources.hpp"
#include "docgen/help.hpp"
#include "docgen/markdown.hpp"
#include "mesh/table.hpp"
#include "version.hpp"

namespace aksmesh::commands::docgen {
namespace {

std::string dashed(std::string_view path) {
  return replace_all(path, " ", "-");
}

std::string header(const std::string& name, const std::string& section,
                   const std::string& summary) {
  // The date is that of the tables, not of the clock, so that a page made twice is the same.
  const std::string date(mesh::table("limitations.json")["asOf"].text());
  return ".TH " + name + ' ' + section + " \"" + date + "\" \"aksmesh " + std::string(kVersion) +
         "\" \"aksmesh\"\n.SH NAME\n" + man_escape(name) + " \\- " + man_escape(summary) + '\n';
}

void write_option(std::string& out, const OptionSpec& spec, const Command& command) {
  std::string names =
      spec.short_name.empty() ? "" : "\\fB" + man_escape(spec.short_name) + "\\fR, ";
  names += "\\fB" + man_escape(spec.long_name) + "\\fR";
  if (!spec.value.empty()) names += " \\fI" + man_escape(spec.value) + "\\fR";
  out += ".TP\n" + names + '\n' + man_escape(spec.text) + ".\n";
  auto values = spec.closed_set;
  if (spec.long_name == "--output") values = format_names(command.formats);
  if (!values.empty()) out += "One of " + man_escape(join(values, ", ")) + ".\n";
  if (!spec.default_text.empty()) out += "Default: " + man_escape(spec.default_text) + ".\n";
  if (!spec.variable.empty()) out += "Variable: " + man_escape(spec.variable) + ".\n";
}

ManPage command_page(const Command& command) {
  const auto name = "aksmesh-" + dashed(command.path);
  std::string out = header(name, "1", std::string(command.summary));
  out += ".SH SYNOPSIS\n.B " + man_escape(usage_line(command, "aksmesh")) + '\n';
  const auto page = data::resource(command.page);
  out += markdown_to_man(page);
  out += ".SH OPTIONS\n";
  std::string variables;
  const auto declaration = declared(command);
  for (const auto& spec : declaration->set.specs()) {
    if (spec.hidden) continue;
    write_option(out, spec, command);
    if (!spec.variable.empty())
      variables += ".TP\n\\fB" + man_escape(spec.variable) + "\\fR\nDefault of " +
                   man_escape(spec.long_name) + ".\n";
  }
  out += ".SH \"EXIT STATUS\"\nSee\n.BR aksmesh\\-exit\\-codes (7).\n";
  if (!variables.empty()) out += ".SH ENVIRONMENT\n" + variables;
  if (!command.examples.empty()) out += ".SH EXAMPLES\n";
  for (const auto& example : command.examples)
    out += ".TP\n\\fB" + man_escape(example.line) + "\\fR\n" + man_escape(example.purpose) + '\n';
  out += ".SH \"SEE ALSO\"\n.BR aksmesh (1)\n";
  return {name + ".1", out};
}

ManPage program_page() {
  std::string out = header(
      "aksmesh", "1",
      "the Istio-based service mesh add-on of Azure Kubernetes Service, from the command line");
  out +=
      ".SH SYNOPSIS\n.B aksmesh\nCOMMAND [options]\n.SH DESCRIPTION\nThe program is also installed "
      "as\n.B mesh\nand, for kubectl, as\n.BR kubectl\\-aksmesh .\n.SH COMMANDS\n";
  for (const auto* command : catalogue()) {
    if (command->hidden) continue;
    out += ".TP\n.BR aksmesh\\-" + replace_all(dashed(command->path), "-", "\\-") + " (1)\n" +
           man_escape(command->summary) + ".\n";
  }
  out += ".SH \"SEE ALSO\"\n";
  for (const auto& name : topic_names())
    out += ".BR aksmesh\\-" + replace_all(name, "-", "\\-") + " (7),\n";
  return {"aksmesh.1", out + ".BR aksmesh\\-checks (7)\n"};
}

ManPage topic_page(const std::string& name) {
  const auto page = data::resource("man/topics/" + name + ".md");
  const auto title = trim(page.substr(2, page.find('\n') - 2));
  return {"aksmesh-" + name + ".7", header("aksmesh-" + name, "7", std::string(title)) +
                                        markdown_to_man(page) +
                                        ".SH \"SEE ALSO\"\n.BR aksmesh (1)\n"};
}

ManPage checks_page() {
  std::string out = header("aksmesh-checks", "7", "the codes of aksmesh");
  out +=
      ".SH DESCRIPTION\nTitles, severities and remedies are those of the policy\n.BR current "
      ".\nThe full page of a code:\n.B aksmesh explain\n.IR CODE .\n.SH CODES\n";
  const auto policy =
      mesh::Policy::load(data::resource("lib/mesh/tables/limitations.json"), "current", "built-in");
  for (const auto& code : checks::codes()) {
    const auto* limitation = policy.value().find(code.slug);
    const auto title = limitation == nullptr ? code.title : limitation->title;
    const auto severity = limitation == nullptr ? code.severity : limitation->severity;
    const bool built = checks::teller_of(code) != checks::Teller::nobody;
    out += ".TP\n\\fB" + std::string(code.code) + "\\fR " + man_escape(code.slug) + '\n' +
           man_escape(title) + ". " +
           (severity.empty() ? "Nothing is reported" : std::string(severity)) +
           (built ? "" : ", planned") + ".\n";
    if (limitation != nullptr) out += man_escape(limitation->remedy) + '\n';
  }
  return {"aksmesh-checks.7", out + ".SH \"SEE ALSO\"\n.BR aksmesh\\-explain (1)\n"};
}

}  // namespace

std::vector<ManPage> man_pages() {
  std::vector<ManPage> out{program_page(), checks_page()};
  for (const auto* command : catalogue())
    if (!command->hidden) out.push_back(command_page(*command));
  for (const auto& name : topic_names()) out.push_back(topic_page(name));
  return out;
}

}  // namespace aksmesh::commands::docgen
