// SPDX-License-Identifier: Apache-2.0
#include "checks/suppress.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "checks/check.hpp"
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
  return join({entry.code, entry.cluster, entry.object, entry.path, entry.file, entry.message},
              "\n");
}

BaselineEntry entry_of(const report::Finding& finding) {
  BaselineEntry out{.code = finding.code,
                    .cluster = finding.object.cluster,
                    .object = finding.object.text(),
                    .path = finding.where.path};
  // What is said of a text and no object must not be accepted for every text.
  if (finding.object.empty()) {
    out.file = finding.where.file;
    out.message = finding.message;
  }
  return out;
}

/// As people read it.
std::string object_label(const BaselineEntry& entry) {
  const auto& plain = entry.object.empty() ? entry.file : entry.object;
  return entry.cluster.empty() ? plain : plain + " [" + entry.cluster + ']';
}

/// A pattern without a wildcard must be a kind and a name.
bool names_object(std::string_view pattern) {
  return pattern.find('*') != std::string_view::npos || pattern.find(' ') != std::string_view::npos;
}

/// Entries by identity, so that large baselines cost no more than they must.
std::unordered_map<std::string, std::size_t> index_entries(const Baseline& baseline) {
  std::unordered_map<std::string, std::size_t> out;
  for (std::size_t i = 0; i < baseline.entries.size(); ++i)
    out.emplace(identity(baseline.entries[i]), i);
  return out;
}

/// Rules for certain objects that accepted nothing. A rule for every object is a stance that holds
/// for many inputs; and where the check did not run, nothing can be said.
std::vector<std::string> unused_rules(const std::vector<SuppressRule>& rules,
                                      const std::vector<bool>& used,
                                      const report::FindingSet& set) {
  std::set<std::string_view> ran;
  for (const auto& check : set.checks) ran.insert(check.code);
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (!used[i] && rules[i].object_pattern != "*" && ran.contains(rules[i].code))
      notes.push_back("--suppress '" + rules[i].text + "' matched nothing");
  return notes;
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
    SuppressRule rule{std::string(codes[i]->code), "*", texts[i]};
    if (equals != std::string::npos)
      rule.object_pattern = trim(std::string_view(texts[i]).substr(equals + 1));
    if (!names_object(rule.object_pattern)) {
      const auto kind = rule.object_pattern.empty() ? "Deployment" : rule.object_pattern;
      return Error{.kind = ErrorKind::usage,
                   .what = "--suppress " + texts[i] + " names no object",
                   .why = "objects are written `Kind namespace/name`, `*` allowed",
                   .next = {"--suppress '" + rule.code + '=' + kind + " shop/cart'",
                            "--suppress '" + rule.code + '=' + kind + " *'"}};
    }
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
                        .file = std::string(row["file"].text()),
                        .message = std::string(row["message"].text()),
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
    return std::tie(entry.code, entry.cluster, entry.object, entry.path, entry.file, entry.message);
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
    if (entry.object.empty())
      out += "  file: " + data::yaml_quoted(entry.file) +
             "\n  message: " + data::yaml_quoted(entry.message) + '\n';
    else
      out += "  object: " + data::yaml_quoted(entry.object) + '\n';
    out += "  path: " + data::yaml_quoted(entry.path) +
           "\n  reason: " + data::yaml_quoted(entry.reason) + '\n';
    if (!entry.expires.empty()) out += "  expires: " + data::yaml_quoted(entry.expires) + '\n';
  }
  return out;
}

std::vector<std::string> apply_suppressions(report::FindingSet& set,
                                            const Suppressions& suppressions) {
  const auto& rules = suppressions.rules;
  std::vector<bool> used_rules(rules.size());
  std::vector<bool> used(suppressions.baseline.entries.size());
  const auto index = index_entries(suppressions.baseline);
  std::vector<report::Finding> expired;
  for (auto& finding : set.findings) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (!matches(rules[i], finding)) continue;
      used_rules[i] = true;
      if (!finding.suppression) finding.suppression = report::Suppression{.by = "--suppress"};
    }
    if (finding.suppression) continue;
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
  auto notes = unused_rules(rules, used_rules, set);
  if (!suppressions.notes) notes.clear();
  for (std::size_t i = 0; i < used.size(); ++i) {
    const auto& entry = suppressions.baseline.entries[i];
    if (!used[i])
      notes.push_back("baseline entry " + suppressions.baseline.file + ':' +
                      std::to_string(entry.line) + " (" + entry.code + ", " + object_label(entry) +
                      ") matched nothing; it can go");
  }
  return notes;
}

std::vector<std::string> unknown_in_annotations(
    const std::vector<const kube::Manifests*>& inputs,
    const std::function<bool(const kube::Object&)>& wanted) {
  struct Use {
    std::string first;
    std::size_t count = 0;
  };
  std::map<std::string, Use> uses;
  for (const auto* manifests : inputs) {
    for (const auto& object : manifests->objects) {
      const auto list = object.annotation(kSuppressAnnotation);
      if (!list || !wanted(object)) continue;
      for (const auto part : split(list.text(), ',')) {
        const std::string word(trim(part));
        const auto* code = find_code(word);
        if (word.empty() || word == "*" || (code != nullptr && code->code == word)) continue;
        auto& use = uses[word];
        if (use.count++ == 0)
          use.first = object_ref(object).label() + " (" + object.file->name + ':' +
                      std::to_string(list.mark().line) + ')';
      }
    }
  }
  std::vector<std::string> known;
  if (!uses.empty())
    for (const auto& code : codes()) known.emplace_back(code.code);
  std::vector<std::string> notes;
  for (const auto& [word, use] : uses) {
    std::string note = "the annotation " + std::string(kSuppressAnnotation) + " of " + use.first;
    if (use.count > 1) note += " and of " + plural(use.count - 1, "other");
    note += " accepts nothing with '" + word + "', which is no code";
    const auto* code = find_code(word);
    const auto near =
        code == nullptr ? suggestions(word, known) : std::vector{std::string(code->code)};
    if (!near.empty()) note += "; did you mean " + near.front() + "?";
    notes.push_back(std::move(note));
  }
  return notes;
}

}  // namespace aksmesh::checks
