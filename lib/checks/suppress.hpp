// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "kube/manifests.hpp"
#include "mesh/policy.hpp"
#include "report/finding.hpp"
#include "sys/clock.hpp"

namespace aksmesh::checks {

/// Annotation on an object: a list of codes, or `*`, that shall not be told about it (Istio's own
/// name).
inline constexpr std::string_view kSuppressAnnotation = "galley.istio.io/analyze-suppress";
/// True when the annotation's value names the code.
bool annotation_suppresses(std::string_view value, std::string_view code, mesh::Flavour flavour);

/// `CODE=Kind namespace/name`, with `*` as a wildcard anywhere in the object part; `Kind
/// name.namespace` means the same. `CODE` alone stands for every object.
struct SuppressRule {
  std::string code;
  std::string object_pattern;
  std::string text;  ///< as it was typed
};
/// All rules of the command line; codes that nothing knows are one error. `program` is the name to
/// show.
Result<std::vector<SuppressRule>> parse_suppress(const std::vector<std::string>& texts,
                                                 const std::string& program);
bool matches(const SuppressRule& rule, const report::Finding& finding);

/// An accepted finding, kept in a file with the reason for it.
struct BaselineEntry {
  std::string code;
  std::string cluster{};  ///< empty unless several clusters are read
  std::string object{};   ///< as ObjectRef::text
  std::string path{};
  std::string file{};     ///< where there is no object
  std::string message{};  ///< likewise
  std::string reason{};
  std::string expires{};  ///< YYYY-MM-DD, last day on which it counts; empty for no end
  std::uint32_t line = 0;
};
struct Baseline {
  std::string file;
  std::vector<BaselineEntry> entries;
};
Result<Baseline> read_baseline(const std::string& file, std::string text);
/// A baseline of all findings that are not suppressed; reasons of `previous` are kept.
std::string write_baseline(const report::FindingSet& set, const Baseline& previous);

struct Suppressions {
  std::vector<SuppressRule> rules;
  Baseline baseline;
  sys::Date today;
  bool notes = true;  ///< tell what matched nothing; plain Istio does not
  bool show = false;  ///< keep suppressed findings in the result
};
/// Marks what is suppressed, counts it and, unless it is to be shown, takes it out. An expired
/// baseline entry does not suppress and is a finding of its own. Returns notes for the user about
/// entries, and about rules for certain objects, that matched nothing.
std::vector<std::string> apply_suppressions(report::FindingSet& set,
                                            const Suppressions& suppressions);

/// Notes about words in annotations that are no code, and so accept nothing, for the objects that
/// `wanted` tells.
std::vector<std::string> unknown_in_annotations(
    const std::vector<const kube::Manifests*>& inputs,
    const std::function<bool(const kube::Object&)>& wanted);

}  // namespace aksmesh::checks
