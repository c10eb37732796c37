// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "report/render.hpp"

namespace aksmesh::report {
namespace {

using Json = nlohmann::ordered_json;

// File names need not be UTF-8, and messages may tell them: settled here, the document is the same
// in every notation. Fields that are not known are absent: nothing is ever written as null.
void put(Json& to, const char* key, const std::string& text) {
  if (!text.empty()) to[key] = to_valid_utf8(text);
}
void put(Json& to, const char* key, Json part) {
  if (!part.empty()) to[key] = std::move(part);
}

Json to_json(const ObjectRef& object) {
  Json out = Json::object();
  put(out, "cluster", object.cluster);
  put(out, "apiVersion", object.api_version);
  put(out, "kind", object.kind);
  put(out, "namespace", object.name_space);
  put(out, "name", object.name);
  return out;
}

Json to_json(const Where& where) {
  Json out = Json::object();
  put(out, "file", where.file);
  if (where.line != 0) out["line"] = where.line;
  if (where.column != 0) out["column"] = where.column;
  put(out, "path", where.path);
  return out;
}

Json to_json(const Finding& finding) {
  Json out{{"code", finding.code},
           {"slug", finding.slug},
           {"severity", severity_name(finding.severity)}};
  put(out, "title", finding.title);
  out["message"] = to_valid_utf8(finding.message);
  out["arguments"] = Json::object();
  for (const auto& [name, value] : finding.arguments) out["arguments"][name] = to_valid_utf8(value);
  put(out, "object", to_json(finding.object));
  if (auto where = to_json(finding.where); !where.empty()) out["where"] = std::move(where);
  out["remedy"] = finding.remedy;
  if (!finding.fix.empty()) out["fixable"] = true;
  if (!finding.related.empty()) {
    out["related"] = Json::array();
    for (const auto& related : finding.related) {
      Json one = Json::object();
      put(one, "code", related.code);
      put(one, "object", to_json(related.object));
      if (!related.where.file.empty()) one["where"] = to_json(related.where);
      out["related"].push_back(std::move(one));
    }
  }
  out["suppressed"] = finding.suppression.has_value();
  if (finding.suppression) {
    Json suppression{{"by", finding.suppression->by}};
    put(suppression, "reason", finding.suppression->reason);
    put(suppression, "expires", finding.suppression->expires);
    out["suppression"] = std::move(suppression);
  }
  return out;
}

}  // namespace

nlohmann::ordered_json findings_document(const FindingSet& set) {
  Json out{{"schema", "aksmesh/findings/v1"}, {"complete", set.complete}};
  auto& findings = out["findings"] = Json::array();
  for (const auto& finding : set.findings) findings.push_back(to_json(finding));
  auto& unknown = out["unknown"] = Json::array();
  for (const auto& one : set.unknown) {
    Json row{{"code", one.code}, {"slug", one.slug}, {"why", to_valid_utf8(one.why)}};
    if (one.offline) row["reach"] = "offline";
    put(row, "object", to_json(one.object));
    unknown.push_back(std::move(row));
  }
  auto& unavailable = out["unavailable"] = Json::array();
  for (const auto& part : set.unavailable)
    unavailable.push_back({{"what", to_valid_utf8(part.what)}, {"why", to_valid_utf8(part.why)}});
  auto& checks = out["checks"] = Json::array();
  for (const auto& check : set.checks)
    checks.push_back({{"code", check.code},
                      {"slug", check.slug},
                      {"category", check.category},
                      {"verdict", verdict_name(check.verdict)}});
  for (const auto& one : set.migration) {
    Json row{{"verdict", migration_name(one.verdict)}};
    put(row, "object", to_json(one.object));
    if (!one.why.empty()) row["why"] = to_valid_utf8(one.why);
    if (!one.codes.empty()) row["codes"] = one.codes;
    out["migration"].push_back(std::move(row));
  }
  out["summary"] = {{"error", set.count(Severity::error)},
                    {"warning", set.count(Severity::warning)},
                    {"info", set.count(Severity::info)},
                    {"suppressed", set.suppressed},
                    {"unknown", set.unknown.size()}};
  return out;
}

std::string to_json_text(const nlohmann::ordered_json& document) {
  // Texts of other documents are not settled; what cannot be shown is replaced rather than failing
  // the whole report.
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace aksmesh::report
