// SPDX-License-Identifier: Apache-2.0
#include "report/render.hpp"

// One line a finding, for the log readers of two build services. Text from manifests is escaped, so
// that it can never be read as a command of the service.
namespace aksmesh::report {
namespace {

std::string github_text(std::string_view text) {
  const auto escaped = replace_all(to_valid_utf8(text), "%", "%25");
  return replace_all(replace_all(escaped, "\r", "%0D"), "\n", "%0A");
}

std::string github_property(std::string_view text) {
  return replace_all(replace_all(github_text(text), ":", "%3A"), ",", "%2C");
}

std::string azure_text(std::string_view text) {
  // The escapes do not cover the opening of a command, so one inside a text is taken apart.
  const auto harmless =
      replace_all(replace_all(to_valid_utf8(text), "##vso[", "## vso["), "##[", "## [");
  auto out = replace_all(replace_all(harmless, "%", "%AZP25"), ";", "%3B");
  return replace_all(replace_all(replace_all(out, "\r", "%0D"), "\n", "%0A"), "]", "%5D");
}

std::string_view github_level(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::info: break;
  }
  return "notice";
}

std::string full_message(const Finding& finding) {
  std::string out = finding.message;
  if (const auto object = finding.object.label(); !object.empty()) out = object + ": " + out;
  for (const auto& remedy : finding.remedy)
    if (!remedy.empty()) out += "\nFix: " + remedy;
  return out;
}

}  // namespace

std::string render_github(const FindingSet& set, const RenderContext& context) {
  std::string out;
  for (const auto& finding : set.findings) {
    if (finding.suppression) continue;
    out.append("::").append(github_level(finding.severity)).append(" ");
    if (finding.where.file != "-" && !finding.where.file.empty()) {
      out.append("file=").append(github_property(finding.where.file));
      if (finding.where.line != 0) out.append(",line=").append(std::to_string(finding.where.line));
      if (finding.where.column != 0)
        out.append(",col=").append(std::to_string(finding.where.column));
      out += ',';
    }
    out.append("title=")
        .append(github_property(finding.code + ' ' + finding.title))
        .append("::")
        .append(github_text(full_message(finding)))
        .append("\n");
  }
  for (const auto& part : set.unavailable)
    out.append("::warning title=could not read::")
        .append(github_text(part.what + ": " + part.why))
        .append("\n");
  // The service keeps about ten annotations of a kind for each step, so the rest must be findable.
  return out.append("::notice title=")
      .append(context.program)
      .append(" ")
      .append(context.command)
      .append("::")
      .append(github_text(summary_line(set)))
      .append("\n");
}

std::string render_azure_pipelines(const FindingSet& set, const RenderContext& context) {
  std::string out;
  for (const auto& finding : set.findings) {
    if (finding.suppression) continue;
    out.append("##vso[task.logissue type=")
        .append(finding.severity == Severity::error ? "error" : "warning");
    if (finding.where.file != "-" && !finding.where.file.empty()) {
      const bool absolute = finding.where.file.starts_with('/') || context.workspace.empty();
      out.append(";sourcepath=")
          .append(azure_text(absolute ? finding.where.file
                                      : context.workspace + '/' + finding.where.file));
      if (finding.where.line != 0)
        out.append(";linenumber=").append(std::to_string(finding.where.line));
      if (finding.where.column != 0)
        out.append(";columnnumber=").append(std::to_string(finding.where.column));
    }
    out.append(";code=")
        .append(finding.code)
        .append("]")
        .append(azure_text(full_message(finding)))
        .append("\n");
  }
  for (const auto& part : set.unavailable)
    out.append("##vso[task.logissue type=warning]")
        .append(azure_text("could not read " + part.what + ": " + part.why))
        .append("\n");
  return out.append("##[section]").append(azure_text(summary_line(set))).append("\n");
}

}  // namespace aksmesh::report
