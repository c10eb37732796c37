// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "report/finding.hpp"
#include "report/style.hpp"

// Total functions from a FindingSet to text; the same findings in the same order in every format.
namespace aksmesh::report {

/// What a reader of reports wants to know of a code.
struct RuleInfo {
  std::string code;
  std::string slug{};
  std::string title{};
  std::string category{};
  Severity severity = Severity::warning;
  std::string description{};  ///< one paragraph
  std::string help{};         ///< Markdown page
};

struct RenderContext {
  std::string program = "aksmesh";  ///< the name that the user typed
  std::string version{};
  std::string command = "analyze";
  std::string policy{};
  std::vector<RuleInfo> rules{};  ///< of every code that can be among the findings, sorted by code
  std::string timestamp{};        ///< RFC 3339, UTC; only where a format demands one
  std::string workspace{};  ///< absolute paths below it are told relative to it in annotations
  /// Headings of the categories, in their order; with any, text is grouped under them,
  /// which goes with other details than brief.
  std::vector<std::pair<std::string, std::string>> headings{};
};

/// How much text tells: of each finding a line, or where and what helps; `all` lists also what is
/// folded by default, passed checks and every unknown.
enum class Details { brief, folded, all };
std::string render_text(const FindingSet& set, const Style& style, const RenderContext& context,
                        Details details);
nlohmann::ordered_json findings_document(const FindingSet& set);
std::string render_sarif(const FindingSet& set, const RenderContext& context);
std::string render_junit(const FindingSet& set, const RenderContext& context);
/// GitHub Actions workflow commands.
std::string render_github(const FindingSet& set, const RenderContext& context);
/// Azure Pipelines logging commands.
std::string render_azure_pipelines(const FindingSet& set, const RenderContext& context);
/// A report for pull requests and step summaries; cut at a row when it would exceed `limit` bytes
/// (0: none).
std::string render_markdown(const FindingSet& set, const RenderContext& context, std::size_t limit);

/// "2 errors, 1 warning in 3 objects of 2 files" and what else is to be said in one line.
std::string summary_line(const FindingSet& set);

/// A JSON document as text, in JSON or YAML.
std::string to_json_text(const nlohmann::ordered_json& document);
std::string to_yaml_text(const nlohmann::ordered_json& document);

}  // namespace aksmesh::report
