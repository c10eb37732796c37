// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/strings.hpp"
#include "data/text_edit.hpp"

namespace aksmesh::report {

enum class Severity : std::uint8_t { info, warning, error };
std::string_view severity_name(Severity severity);
std::optional<Severity> parse_severity(std::string_view text);

/// The object that a finding is about. Empty members are unknown or do not apply.
struct ObjectRef {
  std::string cluster{};
  std::string api_version{};
  std::string kind{};
  std::string name_space{};
  std::string name{};
  [[nodiscard]] bool empty() const { return kind.empty() && name.empty(); }
  /// `Kind namespace/name`, or `Kind name`.
  [[nodiscard]] std::string text() const;
  /// The same with `[cluster]` behind it where the cluster is known: what people read.
  [[nodiscard]] std::string label() const;
  bool operator==(const ObjectRef&) const = default;
};

/// Where in the input. Lines and columns are 1-based, columns in code points; 0 is unknown.
struct Where {
  std::string file{};
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_column = 0;     ///< exclusive, on the same line; 0 when unknown
  std::string path{};               ///< such as spec.http[0].route[0]
  std::string source_line{};        ///< the text of the line or of a part of it, for people
  std::uint32_t source_column = 0;  ///< of the place in source_line, where that is not `column`
};

struct Suppression {
  std::string by{};  ///< option, annotation or baseline
  std::string reason{};
  std::string expires{};  ///< YYYY-MM-DD
};

struct Related {
  std::string code{};
  ObjectRef object{};
  Where where{};
};

struct Finding {
  std::string code;
  std::string slug{};
  Severity severity = Severity::warning;
  std::string title{};
  std::string message{};
  Arguments arguments{};
  ObjectRef object{};
  Where where{};
  std::vector<std::string> remedy{};
  std::vector<Related> related{};
  std::optional<Suppression> suppression{};
  /// A safe repair, as edits of the finding's file; empty when there is none.
  std::vector<data::TextEdit> fix{};
};

/// A question that could not be answered.
struct Unknown {
  std::string code;
  std::string slug{};
  std::string why{};
  bool offline =
      false;  ///< the chosen input can never hold the facts; see decisions of the findings document
  std::string_view needs{};  ///< the input that could hold them, such as `Azure`; empty: none
  ObjectRef object{};
};

enum class Verdict : std::uint8_t { pass, findings, not_applicable, unknown, suppressed };
std::string_view verdict_name(Verdict verdict);

struct CheckResult {
  std::string code;
  std::string slug{};
  std::string category{};
  Verdict verdict = Verdict::pass;
  /// A part of what it looks at could not be read, and may hold what it looks for.
  bool partial = false;
};

struct UnavailablePart {
  std::string what;
  std::string why;
};

/// What becomes of an object of the mesh that is left for the add-on.
struct Migration {
  enum class Verdict : std::uint8_t { unsupported, change, keep };
  ObjectRef object{};
  Verdict verdict = Verdict::keep;
  std::string why{};                 ///< empty for what is kept
  std::vector<std::string> codes{};  ///< of the findings that say so
};
std::string_view migration_name(Migration::Verdict verdict);

/// Everything that one run found. Order, filters and suppression are settled before anybody renders
/// it.
struct FindingSet {
  std::vector<Finding> findings;  ///< by severity, code, object
  std::vector<Unknown> unknown;
  std::vector<UnavailablePart> unavailable;
  std::vector<CheckResult> checks;
  bool complete = true;
  /// A part could not be read.
  void lack(UnavailablePart part) {
    unavailable.push_back(std::move(part));
    complete = false;
  }
  std::size_t suppressed = 0;  ///< counted whether or not they are among the findings
  std::size_t hidden = 0;      ///< below --show-from; not among the findings
  bool failed = false;         ///< a finding reached --fail-on, be it shown or not
  std::size_t objects = 0;     ///< objects that were looked at
  std::size_t files = 0;
  std::vector<Migration> migration{};  ///< in the order of the verdicts, kinds and names
  std::string live{};  ///< `context prod`: the cluster that was looked at; empty when none was
  [[nodiscard]] std::size_t count(Severity severity) const;
};

/// The house order of findings: worst first, then code, object and place.
void sort_findings(std::vector<Finding>& findings);

/// How each check ended once findings were filtered or suppressed: what a check has left decides.
void settle_verdicts(FindingSet& set);

/// Adds what was found in another cluster of the same run. The result is sorted.
void merge(FindingSet& into, FindingSet&& other);

}  // namespace aksmesh::report
