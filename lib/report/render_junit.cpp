// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "report/render.hpp"

namespace aksmesh::report {
namespace {

enum class Place { text, attribute };

/// What XML 1.0 can hold; carriage returns are left out too, because readers make line ends of
/// them.
bool is_xml(std::uint32_t code) {
  return code == '\t' || code == '\n' || (code >= 0x20 && code != 0xFFFE && code != 0xFFFF);
}

/// Escapes for attributes and text, and leaves out what XML cannot hold.
std::string xml(std::string_view text, Place place) {
  std::string out;
  while (!text.empty()) {
    const auto code = take_code_point(text);
    switch (code) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += place == Place::attribute ? "&quot;" : "\""; break;
      case '\n': out += place == Place::attribute ? "&#10;" : "\n"; break;
      case '\t': out += place == Place::attribute ? "&#9;" : "\t"; break;
      default:
        if (is_xml(code)) append_utf8(out, code);
    }
  }
  return out;
}

struct Suite {
  std::string cases;
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
};

std::string class_name(std::string_view category, std::string_view code, std::string_view slug) {
  return "aksmesh." + std::string(category) + '.' + std::string(code) + '-' + std::string(slug);
}

void open_case(Suite& suite, const std::string& class_name_text, const std::string& name,
               const Where& where = {}) {
  ++suite.tests;
  suite.cases += "    <testcase classname=\"" + xml(class_name_text, Place::attribute) +
                 "\" name=\"" + xml(name, Place::attribute) + "\" time=\"0\"";
  if (!where.file.empty()) suite.cases += " file=\"" + xml(where.file, Place::attribute) + '"';
  if (where.line != 0) suite.cases += " line=\"" + std::to_string(where.line) + '"';
}

void child(Suite& suite, const char* element, const std::string& message, std::string_view type,
           const std::string& text) {
  suite.cases +=
      ">\n      <" + std::string(element) + " message=\"" + xml(message, Place::attribute) + '"';
  if (!type.empty()) suite.cases += " type=\"" + xml(type, Place::attribute) + '"';
  suite.cases +=
      text.empty() ? "/>" : ">" + xml(text, Place::text) + "</" + std::string(element) + ">";
  suite.cases += "\n    </testcase>\n";
}

void add_finding(Suite& suite, const Finding& finding, const std::string& class_text) {
  const auto& object = finding.object;
  std::string name =
      object.empty() ? finding.where.file
                     : object.kind + '/' +
                           (object.name_space.empty() ? "" : object.name_space + '/') + object.name;
  if (!object.cluster.empty()) name = object.cluster + '/' + name;
  if (!finding.where.path.empty() && finding.where.path != "kind") name += ' ' + finding.where.path;
  open_case(suite, class_text, name, finding.where);
  if (finding.suppression) {
    ++suite.skipped;
    return child(
        suite, "skipped",
        "suppressed by " + finding.suppression->by +
            (finding.suppression->reason.empty() ? "" : ": " + finding.suppression->reason),
        {}, {});
  }
  ++suite.failures;
  std::string text = finding.message;
  if (!finding.where.file.empty())  // what a cluster holds has no place in a file
    text.insert(0, finding.where.file + ':' + std::to_string(finding.where.line) + ": ");
  for (const auto& remedy : finding.remedy)
    if (!remedy.empty()) text += "\nFix: " + remedy;
  child(suite, "failure", finding.message, severity_name(finding.severity), text);
}

/// Why a check without a test case for a finding did not pass either.
std::string why_skipped(const CheckResult& check, const FindingSet& set) {
  if (check.verdict == Verdict::findings) {
    for (const auto& finding : set.findings)
      for (const auto& related : finding.related)
        if (related.code == check.code) return "its findings are told as those of " + finding.code;
    return "its findings are below --show-from";
  }
  std::string why(verdict_name(check.verdict));
  const auto unknown = std::find_if(set.unknown.begin(), set.unknown.end(),
                                    [&](const Unknown& one) { return one.code == check.code; });
  if (unknown != set.unknown.end()) return why + ": " + unknown->why;
  return check.verdict == Verdict::unknown ? why + ": part of the input could not be read" : why;
}

/// One test case for a check that shows no finding.
void add_check(Suite& suite, const CheckResult& check, const FindingSet& set) {
  open_case(suite, class_name(check.category, check.code, check.slug), "all objects");
  if (check.verdict == Verdict::pass) {
    suite.cases += "/>\n";
    return;
  }
  ++suite.skipped;
  child(suite, "skipped", why_skipped(check, set), {}, {});
}

}  // namespace

std::string render_junit(const FindingSet& set, const RenderContext& context) {
  std::map<std::string, Suite> suites;
  std::map<std::string, std::string> categories;
  for (const auto& rule : context.rules) categories[rule.code] = rule.category;
  const auto category = [&](const std::string& code) {
    const auto found = categories.find(code);
    return found == categories.end() ? std::string("input") : found->second;
  };
  std::set<std::string_view> shown;
  for (const auto& finding : set.findings) {
    add_finding(suites[category(finding.code)], finding,
                class_name(category(finding.code), finding.code, finding.slug));
    shown.insert(finding.code);
  }
  for (const auto& check : set.checks)
    if (!shown.contains(check.code)) add_check(suites[check.category], check, set);
  for (const auto& part : set.unavailable) {
    auto& suite = suites["input"];
    open_case(suite, "aksmesh.input", part.what);
    ++suite.errors;
    child(suite, "error", "could not read " + part.what + ": " + part.why, "unavailable", {});
  }
  Suite total;
  for (const auto& [name, suite] : suites) {
    total.tests += suite.tests;
    total.failures += suite.failures;
    total.errors += suite.errors;
    total.skipped += suite.skipped;
  }
  const auto counters = [](const Suite& suite) {
    return " tests=\"" + std::to_string(suite.tests) + "\" failures=\"" +
           std::to_string(suite.failures) + "\" errors=\"" + std::to_string(suite.errors) +
           "\" skipped=\"" + std::to_string(suite.skipped) + "\" time=\"0\"";
  };
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"aksmesh " +
                    context.command + "\"" + counters(total) + ">\n";
  for (const auto& [name, suite] : suites)
    out += "  <testsuite name=\"" + xml(name, Place::attribute) + "\"" + counters(suite) +
           " timestamp=\"" + context.timestamp + "\" hostname=\"localhost\">\n" + suite.cases +
           "  </testsuite>\n";
  return out + "</testsuites>\n";
}

}  // namespace aksmesh::report
