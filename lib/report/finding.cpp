// SPDX-License-Identifier: Apache-2.0
#include "report/finding.hpp"

#include <algorithm>
#include <tuple>

namespace aksmesh::report {

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::info: break;
  }
  return "info";
}

std::optional<Severity> parse_severity(std::string_view text) {
  for (const auto severity : {Severity::info, Severity::warning, Severity::error})
    if (text == severity_name(severity)) return severity;
  return std::nullopt;
}

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "pass";
    case Verdict::findings: return "findings";
    case Verdict::not_applicable: return "not-applicable";
    case Verdict::unknown: return "unknown";
    case Verdict::suppressed: break;
  }
  return "suppressed";
}

std::string ObjectRef::text() const {
  if (empty()) return {};
  std::string out = kind;
  if (!name_space.empty() || !name.empty()) out += ' ';
  if (!name_space.empty()) out += name_space + '/';
  return out + name;
}

std::size_t FindingSet::count(Severity severity) const {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(), [&](const Finding& finding) {
        return finding.severity == severity && !finding.suppression;
      }));
}

void sort_findings(std::vector<Finding>& findings) {
  const auto key = [](const Finding& finding) {
    return std::tie(finding.code, finding.object.cluster, finding.object.name_space,
                    finding.object.kind, finding.object.name, finding.where.file,
                    finding.where.line, finding.where.column, finding.where.path, finding.message);
  };
  std::stable_sort(findings.begin(), findings.end(), [&](const Finding& a, const Finding& b) {
    if (a.severity != b.severity) return a.severity > b.severity;
    return key(a) < key(b);
  });
}

}  // namespace aksmesh::report
