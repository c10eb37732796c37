// SPDX-License-Identifier: Apache-2.0
#include "report/render.hpp"

namespace aksmesh::report {
namespace {

/// Text of manifests in a table cell: no markup, no line break, no column end.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : to_valid_utf8(text)) {
    if (c == '\n' || c == '\r') {
      out += ' ';
    } else {
      if (std::string_view("|`*_<>[]\\#@").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string render_markdown(const FindingSet& set, const RenderContext& context,
                            std::size_t limit) {
  std::string out = "## " + context.program + ' ' + context.command + "\n\n" + summary_line(set) +
                    ". Policy: " + context.policy + ".\n\n";
  std::string tail;
  if (!set.unavailable.empty()) {
    tail += "\n**Could not read**\n\n";
    for (const auto& part : set.unavailable)
      tail += "- " + cell(part.what) + ": " + cell(part.why) + '\n';
  }
  if (!set.unknown.empty())
    tail +=
        '\n' + plural(set.unknown.size(), "question") + " could not be answered from this input.\n";
  if (set.findings.empty()) return out + "Nothing found.\n" + tail;
  out +=
      "| severity | code | object | place | message | fix |\n| --- | --- | --- | --- | --- | --- "
      "|\n";
  for (std::size_t i = 0; i < set.findings.size(); ++i) {
    const auto& finding = set.findings[i];
    std::string severity(severity_name(finding.severity));
    if (finding.suppression) severity += " (suppressed)";
    const auto place = finding.where.file.empty()
                           ? std::string()
                           : cell(finding.where.file) + ':' + std::to_string(finding.where.line);
    const std::string row = "| " + severity + " | " + finding.code + " | " +
                            cell(finding.object.label()) + " | " + place + " | " +
                            cell(finding.message) + " | " +
                            cell(finding.remedy.empty() ? "" : finding.remedy.front()) + " |\n";
    if (limit != 0 && out.size() + row.size() + tail.size() + 100 > limit)
      return out + "\n" + plural(set.findings.size() - i, "more finding") +
             " left out, because the report would grow too large.\n" + tail;
    out += row;
  }
  return out + tail;
}

}  // namespace aksmesh::report
