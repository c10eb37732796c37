// SPDX-License-Identifier: Apache-2.0
#include "checks/suppress.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "base/strings.hpp"
#include "checks/code_lookup.hpp"
#include "data/reader.hpp"
#include "data/yaml_text.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kSchema = "aksmesh/baseline/v1";

Error baseline_error(const std::string& file, const data::Mark& mark, std::string why) {
  return {.kind = ErrorKind::usage,
          .what = "cannot use the baseline " + file,
          .why = std::move(why),
          .next = {"write a new one: aksmesh analyze --write-baseline " + file + " PATH..."},
          .where = file + ':' + std::to_string(mark.line) + ':' + std::to_string(mark.column)};
}

/// What identifies an accepted finding.
std::string identity(const BaselineEntry& entry) {
  return entry.code + '\n' + entry.cluster + '\n' + entry.object + '\n' + entry.path;
}

BaselineEntry entry_of(const report::Finding& finding) {
  return {.code = finding.code,
          .cluster = finding.object.cluster,
          .object = finding.object.text(),
          .path = finding.where.path,
          .reason = {},
          .expires = {}};
}

/// As people read it.
std::string object_label(const BaselineEntry& entry) {
  return entry.cluster.empty() ? entry.object : entry.object + " [" + entry.cluster + ']';
}

/// Entries by identity, so that large baselines cost no more than they must.
std::unordered_map<std::string, std::size_t> index_entries(const Baseline& baseline) {
  std::unordered_map<std::string, std::size_t> out;
  for (std::size_t i = 0; i < baseline.entries.size(); ++i)
    out.emplace(identity(baseline.entries[i]), i);
  return out;
}

report::Finding expired_finding(const Baseline& baseline, const BaselineEntry& entry) {
  const auto* code = find_code("baseline-expired");
  report::Finding out{.code = std::string(code->code),
                      .slug = std::string(code->slug),
                      .severity = report::Severity::error,
                      .title = std::string(code->title)};
  out.message = "the acceptance of " + entry.code + " for " + object_label(entry) + " ended on " +
                entry.expires;
  out.arguments = {{"code", entry.code}, {"object", entry.object}, {"expires", entry.expires}};
  out.where = {.file = baseline.file, .line = entry.line, .column = 1};
  out.remedy = {"repair the finding, or give the entry a new date and reason"};
  return out;
}

}  // namespace

bool annotation_suppresses(std::string_view value, std::string_view code, mesh::Flavour flavour) {
  const auto listed = split(value, ',');
  return std::any_of(listed.begin(), listed.end(), [&](std::string_view one) {
    // istioctl wants the list without blanks.
    const auto word = flavour == mesh::Flavour::upstream ? one : trim(one);
    return word == "*" || word == code;
  });
}

Result<std::vector<SuppressRule>> parse_suppress(const std::vector<std::string>& texts,
                                                 const std::string& program) {
  std::vector<std::string> names;
  for (const auto& text : texts) names.emplace_back(trim(text.substr(0, text.find('='))));
  const auto retry = [&](const std::string& name, const std::string& near) {
    const auto place = std::find(names.begin(), names.end(), name) - names.begin();
    const auto& text = texts[static_cast<std::size_t>(place)];
    const auto equals = text.find('=');
    if (equals == std::string::npos) return "--suppress " + near;
    return "--suppress '" + near + text.substr(equals) + '\'';
  };
  AK_TRY(const auto codes, find_codes(names, {.what = "--suppress names the unknown code",
                                              .list = program + " checks   (lists all codes)",
                                              .retry = retry}));
  std::vector<SuppressRule> rules;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto equals = texts[i].find('=');
    SuppressRule rule{std::string(codes[i]->code), "*"};
    if (equals != std::string::npos)
      rule.object_pattern = trim(std::string_view(texts[i]).substr(equals + 1));
    if (rule.object_pattern.empty())
      return Error{.kind = ErrorKind::usage,
                   .what = "--suppress " + texts[i] + " names no object",
                   .next = {"--suppress '" + rule.code + "=Deployment shop/cart'"}};
    rules.push_back(std::move(rule));
  }
  return rules;
}

bool matches(const SuppressRule& rule, const report::Finding& finding) {
  if (rule.code != finding.code) return false;
  const auto& object = finding.object;
  if (wildcard_match(rule.object_pattern, object.text())) return true;
  return !object.name_space.empty() &&
         wildcard_match(rule.object_pattern,
                        object.kind + ' ' + object.name + '.' + object.name_space);
}

Result<Baseline> read_baseline(const std::string& file, std::string text) {
  auto read = data::read_documents(std::move(text), data::Limits{});
  if (!read.problems.empty())
    return baseline_error(file, read.problems.front().mark, read.problems.front().what);
  Baseline out{.file = file, .entries = {}};
  if (read.tree->document_count() != 1)
    return baseline_error(file, {1, 1}, "it must hold exactly one document");
  const auto root = read.tree->document(0);
  if (root["schema"].string() != kSchema)
    return baseline_error(file, root.mark(), "its schema is not " + std::string(kSchema));
  for (const auto& row : root["entries"].items()) {
    BaselineEntry entry{.code = std::string(row["code"].text()),
                        .cluster = std::string(row["cluster"].text()),
                        .object = std::string(row["object"].text()),
                        .path = std::string(row["path"].text()),
                        .reason = std::string(row["reason"].text()),
                        .expires = std::string(row["expires"].text()),
                        .line = row.mark().line};
    if (find_code(entry.code) == nullptr)
      return baseline_error(file, row.mark(), "unknown code '" + entry.code + "'");
    if (!entry.expires.empty() && !sys::parse_date(entry.expires))
      return baseline_error(file, row["expires"].mark(),
                            "'" + entry.expires + "' is no date of the form YYYY-MM-DD");
    out.entries.push_back(std::move(entry));
  }
  return out;
}

std::string write_baseline(const report::FindingSet& set, const Baseline& previous) {
  const auto known = index_entries(previous);
  std::vector<BaselineEntry> entries;
  for (const auto& finding : set.findings) {
    if (finding.suppression && finding.suppression->by != "baseline") continue;
    auto entry = entry_of(finding);
    if (const auto old = known.find(identity(entry)); old != known.end())
      entry = previous.entries[old->second];
    entries.push_back(std::move(entry));
  }
  const auto key = [](const BaselineEntry& entry) {
    return std::tie(entry.code, entry.cluster, entry.object, entry.path);
  };
  std::sort(entries.begin(), entries.end(),
            [&](const auto& a, const auto& b) { return key(a) < key(b); });
  entries.erase(std::unique(entries.begin(), entries.end(),
                            [&](const auto& a, const auto& b) { return key(a) == key(b); }),
                entries.end());
  std::string out =
      "# Findings that are accepted for now. Give each a reason, and a date `expires: YYYY-MM-DD` "
      "if it should come back.\nschema: " +
      std::string(kSchema) + "\n";
  out += entries.empty() ? "entries: []\n" : "entries:\n";
  for (const auto& entry : entries) {
    out += "- code: " + entry.code + '\n';
    if (!entry.cluster.empty()) out += "  cluster: " + data::yaml_quoted(entry.cluster) + '\n';
    out += "  object: " + data::yaml_quoted(entry.object) +
           "\n  path: " + data::yaml_quoted(entry.path) +
           "\n  reason: " + data::yaml_quoted(entry.reason) + '\n';
    if (!entry.expires.empty()) out += "  expires: " + data::yaml_quoted(entry.expires) + '\n';
  }
  return out;
}

std::vector<std::string> apply_suppressions(report::FindingSet& set,
                                            const Suppressions& suppressions) {
  std::vector<bool> used(suppressions.baseline.entries.size());
  const auto index = index_entries(suppressions.baseline);
  std::vector<report::Finding> expired;
  for (auto& finding : set.findings) {
    if (finding.suppression) continue;
    const auto rule = std::find_if(suppressions.rules.begin(), suppressions.rules.end(),
                                   [&](const SuppressRule& one) { return matches(one, finding); });
    if (rule != suppressions.rules.end()) {
      finding.suppression = report::Suppression{.by = "--suppress"};
      continue;
    }
    const auto found = index.find(identity(entry_of(finding)));
    if (found == index.end()) continue;
    const auto& entry = suppressions.baseline.entries[found->second];
    const auto end = sys::parse_date(entry.expires);
    if (!end || *end >= suppressions.today) {
      finding.suppression =
          report::Suppression{.by = "baseline", .reason = entry.reason, .expires = entry.expires};
    } else if (!used[found->second]) {
      expired.push_back(expired_finding(suppressions.baseline, entry));
    }
    used[found->second] = true;
  }
  set.findings.insert(set.findings.end(), expired.begin(), expired.end());
  report::sort_findings(set.findings);
  set.suppressed = static_cast<std::size_t>(std::count_if(
      set.findings.begin(), set.findings.end(),
      [](const report::Finding& finding) { return finding.suppression.has_value(); }));
  report::settle_verdicts(set);
  if (!suppressions.show)
    std::erase_if(set.findings,
                  [](const report::Finding& finding) { return finding.suppression.has_value(); });
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < used.size(); ++i) {
    const auto& entry = suppressions.baseline.entries[i];
    if (!used[i])
      notes.push_back("baseline entry " + suppressions.baseline.file + ':' +
                      std::to_string(entry.line) + " (" + entry.code + ", " + object_label(entry) +
                      ") matched nothing; it can go");
  }
  return notes;
}

}  // namespace aksmesh::checks
