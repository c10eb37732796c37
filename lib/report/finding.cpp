// SPDX-License-Identifier: Apache-2.0
#include "report/finding.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

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

std::string_view migration_name(Migration::Verdict verdict) {
  switch (verdict) {
    case Migration::Verdict::unsupported: return "unsupported";
    case Migration::Verdict::change: return "change";
    case Migration::Verdict::keep: break;
  }
  return "keep";
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

std::string ObjectRef::label() const {
  const auto plain = text();
  if (cluster.empty()) return plain;
  return plain + (plain.empty() ? "[" : " [") + cluster + ']';
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

void settle_verdicts(FindingSet& set) {
  std::set<std::string_view> open;
  std::set<std::string_view> suppressed;
  std::set<std::string_view> unknown;
  for (const auto& finding : set.findings) {
    auto& codes = finding.suppression ? suppressed : open;
    codes.insert(finding.code);
    // What another rule says as well was folded into this finding.
    for (const auto& related : finding.related) codes.insert(related.code);
  }
  for (const auto& one : set.unknown) unknown.insert(one.code);
  for (auto& check : set.checks) {
    if (open.contains(check.code))
      check.verdict = Verdict::findings;
    else if (unknown.contains(check.code))
      check.verdict = Verdict::unknown;
    else if (suppressed.contains(check.code))
      check.verdict = Verdict::suppressed;
    else if (check.verdict != Verdict::not_applicable)
      // What it found or could not tell was filtered away. What could not be read may hold more.
      check.verdict = check.partial ? Verdict::unknown : Verdict::pass;
  }
}

void merge(FindingSet& into, FindingSet&& other) {
  const auto append = [](auto& to, auto&& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  append(into.findings, std::move(other.findings));
  sort_findings(into.findings);
  // What no input of this kind can tell is the same for every cluster.
  const auto told = [&](const Unknown& one) {
    return one.offline &&
           std::any_of(into.unknown.begin(), into.unknown.end(), [&](const auto& old) {
             return old.offline && old.code == one.code && old.why == one.why;
           });
  };
  std::erase_if(other.unknown, told);
  append(into.unknown, std::move(other.unknown));
  append(into.unavailable, std::move(other.unavailable));
  append(into.migration, std::move(other.migration));
  for (auto& check : other.checks) {
    const auto same = std::find_if(into.checks.begin(), into.checks.end(),
                                   [&](const auto& old) { return old.code == check.code; });
    if (same == into.checks.end()) {
      into.checks.push_back(std::move(check));
      continue;
    }
    if (same->verdict == Verdict::not_applicable) same->verdict = check.verdict;
    same->partial = same->partial || check.partial;
  }
  into.complete = into.complete && other.complete;
  settle_verdicts(into);
  into.objects += other.objects;
  into.files += other.files;
  if (into.live.empty()) into.live = std::move(other.live);
}

}  // namespace aksmesh::report
