// SPDX-License-Identifier: Apache-2.0
#include "checks/fold.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

/// How many steps below `outer` the path `inner` leads; nothing when it is not below.
std::optional<std::size_t> steps_below(std::string_view outer, std::string_view inner) {
  if (!inner.starts_with(outer)) return std::nullopt;
  const auto rest = inner.substr(outer.size());
  if (!rest.empty() && rest.front() != '.' && rest.front() != '[') return std::nullopt;
  std::size_t steps = 0;
  bool quoted = false;
  for (const char c : rest) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '.' || c == '[')) ++steps;
  }
  return steps;
}

/// True when two findings about one object are about the same part of it.
bool same_part(const report::Finding& own, const report::Finding& other,
               std::optional<std::size_t> within) {
  if (own.where.file != other.where.file) return false;
  // A finding about the object as a whole points at its kind.
  const std::string_view a = own.where.path == "kind" ? std::string_view{} : own.where.path;
  const std::string_view b = other.where.path == "kind" ? std::string_view{} : other.where.path;
  if (a.empty() || b.empty()) return a == b;
  const auto steps = a.size() < b.size() ? steps_below(a, b) : steps_below(b, a);
  return steps && (!within || *steps <= *within);
}

}  // namespace

void fold(std::vector<report::Finding>& findings, mesh::Flavour flavour) {
  std::unordered_multimap<std::string, std::size_t> own;  // by Istio's code and the object
  const auto key = [](std::string_view code, const report::Finding& finding) {
    return std::string(code) + ' ' + finding.object.cluster + ' ' + finding.object.text();
  };
  for (std::size_t i = 0; i < findings.size(); ++i)
    if (const auto* code = find_code(findings[i].code))
      for (const auto covered : code->covers) own.emplace(key(covered, findings[i]), i);
  if (own.empty()) return;
  std::set<std::size_t> folded;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const auto [first, last] = own.equal_range(key(findings[i].code, findings[i]));
    for (auto at = first; at != last; ++at) {
      const auto within = find_code(findings[at->second].code)->covers_within;
      if (!same_part(findings[at->second], findings[i], within)) continue;
      const bool keeps_own = flavour == mesh::Flavour::addon;
      const auto gone = keeps_own ? i : at->second;
      const auto kept = keeps_own ? at->second : i;
      if (!folded.insert(gone).second) continue;
      findings[kept].related.push_back(
          {findings[gone].code, findings[gone].object, findings[gone].where});
      if (keeps_own) break;
    }
  }
  std::size_t i = 0;
  std::erase_if(findings, [&](const report::Finding&) { return folded.contains(i++); });
}

}  // namespace aksmesh::checks
