// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "report/render.hpp"

// SARIF 2.1.0 as GitHub code scanning reads it.
namespace aksmesh::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestDescription = 1000;  // readers cut at 1024 characters

std::string_view level_of(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::info: break;
  }
  return "note";
}

/// Forward slashes, percent-encoding, no leading `./`.
std::string to_uri(std::string_view file) {
  if (file == "-") return "stdin";
  while (file.starts_with("./")) file.remove_prefix(2);
  std::string out;
  for (const char c : file) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
      continue;
    }
    std::array<char, 4> hex{};
    std::snprintf(hex.data(), hex.size(), "%%%02X",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    out += hex.data();
  }
  return out;
}

/// Identity of a result that survives moved lines: rule, object and field, not the line (FNV-1a, 64
/// bit).
std::string fingerprint(const Finding& finding) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  const auto add = [&](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    hash = (hash ^ 0xFFU) * 0x100000001b3ULL;
  };
  add(finding.code);
  add(finding.object.label());
  add(finding.where.path);
  if (finding.object.empty()) add(finding.where.file + finding.message);
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(hash));
  return text.data();
}

std::string shorten(const std::string& text) {
  if (text.size() <= kLongestDescription) return text;
  auto cut = text.substr(0, kLongestDescription);
  while (find_invalid_utf8(cut) != std::string::npos) cut.pop_back();
  return cut;
}

Json rule_descriptor(const RuleInfo& rule) {
  const std::string title = rule.title.empty() ? rule.slug : rule.title;
  const std::string description = rule.description.empty() ? title : rule.description;
  const std::string help = rule.help.empty() ? description : rule.help;
  Json tags{"aks", "istio"};
  if (rule.category != "istio") tags.push_back(rule.category);
  return {{"id", rule.code},
          {"name", rule.slug},
          {"shortDescription", {{"text", shorten(title)}}},
          {"fullDescription", {{"text", shorten(description)}}},
          {"help", {{"text", help}, {"markdown", help}}},
          {"defaultConfiguration", {{"level", level_of(rule.severity)}}},
          {"properties",
           {{"tags", std::move(tags)},
            {"precision", "high"},
            {"problem.severity", rule.severity == Severity::info
                                     ? "recommendation"
                                     : std::string(severity_name(rule.severity))}}}};
}

Json physical_location(const Where& where) {
  Json region{{"startLine", std::max(1U, where.line)}};
  if (where.column != 0) region["startColumn"] = where.column;
  if (where.end_column > where.column) region["endColumn"] = where.end_column;
  return {{"artifactLocation", {{"uri", to_uri(where.file)}}}, {"region", std::move(region)}};
}

Json result_of(const Finding& finding, const std::map<std::string, std::size_t>& rule_index,
               std::map<std::string, int>& seen) {
  Json result{{"ruleId", finding.code}};
  if (const auto index = rule_index.find(finding.code); index != rule_index.end())
    result["ruleIndex"] = index->second;
  result["level"] = level_of(finding.severity);
  std::string text = finding.message;
  if (!finding.object.empty()) text += " [" + finding.object.label() + ']';
  for (const auto& remedy : finding.remedy)
    if (!remedy.empty()) text += "\nFix: " + remedy;
  result["message"] = {{"text", text}};
  Json location = Json::object();
  if (!finding.where.file.empty()) location["physicalLocation"] = physical_location(finding.where);
  if (!finding.object.empty())
    location["logicalLocations"] = Json::array({{{"name", finding.object.name},
                                                 {"fullyQualifiedName", finding.object.label()},
                                                 {"kind", "resource"}}});
  result["locations"] = Json::array({std::move(location)});
  const auto print = fingerprint(finding);
  result["partialFingerprints"] = {
      {"primaryLocationLineHash", print + ':' + std::to_string(++seen[print])}};
  if (finding.suppression) {
    Json suppression{{"kind", "external"}};
    if (!finding.suppression->reason.empty())
      suppression["justification"] = finding.suppression->reason;
    result["suppressions"] = Json::array({std::move(suppression)});
  }
  return result;
}

}  // namespace

std::string render_sarif(const FindingSet& set, const RenderContext& context) {
  Json rules = Json::array();
  std::map<std::string, std::size_t> rule_index;
  // Only rules that found something: all pages together would be most of an upload.
  std::set<std::string_view> used;
  for (const auto& finding : set.findings) used.insert(finding.code);
  for (const auto& rule : context.rules) {
    if (!used.contains(rule.code)) continue;
    rule_index.emplace(rule.code, rules.size());
    rules.push_back(rule_descriptor(rule));
  }
  Json results = Json::array();
  std::map<std::string, int> seen;
  for (const auto& finding : set.findings) results.push_back(result_of(finding, rule_index, seen));
  Json notifications = Json::array();
  for (const auto& part : set.unavailable)
    notifications.push_back(
        {{"level", "warning"},
         {"message", {{"text", "could not read " + part.what + ": " + part.why}}}});
  // executionSuccessful stays true: upload services refuse the log otherwise, and what is missing
  // is told above.
  Json run{
      {"tool",
       {{"driver",
         {{"name", "aksmesh"},
          {"semanticVersion", context.version},
          {"rules", std::move(rules)}}}}},
      {"automationDetails", {{"id", "aksmesh-" + context.command + "/"}}},
      {"columnKind", "unicodeCodePoints"},
      {"invocations", Json::array({{{"executionSuccessful", true},
                                    {"toolExecutionNotifications", std::move(notifications)}}})},
      {"results", std::move(results)}};
  Json log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
           {"version", "2.1.0"},
           {"runs", Json::array({std::move(run)})}};
  return to_json_text(log);
}

}  // namespace aksmesh::report
