// SPDX-License-Identifier: Apache-2.0
#include "analysis_scope.hpp"

#include <algorithm>
#include <set>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"

namespace aksmesh::commands {
namespace {

std::string namespace_of(const kube::Object& object) {
  return std::string(object.kind == kube::Kind::name_space ? object.name : object.name_space);
}

std::vector<std::string> namespaces_of(const std::vector<const kube::Manifests*>& inputs) {
  std::set<std::string> out;
  for (const auto* manifests : inputs)
    for (const auto& object : manifests->objects) out.insert(namespace_of(object));
  out.erase("");
  return {out.begin(), out.end()};
}

void lack(report::FindingSet& set, std::string what, std::string why) {
  set.lack({std::move(what), std::move(why)});
  // It may have held whatever a check looks for.
  for (auto& check : set.checks) check.partial = true;
}

/// The first of many, and how many more there are.
std::string some(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 10;
  if (names.size() <= kShown) return join(names, ", ");
  const auto end = names.begin() + static_cast<std::ptrdiff_t>(kShown);
  return join({names.begin(), end}, ", ") + " and " + std::to_string(names.size() - kShown) +
         " more";
}

}  // namespace

bool Scope::holds(std::string_view kind, std::string_view name_space, std::string_view name) const {
  if (name_space_.empty()) return true;
  // What is said of cluster-scoped objects concerns every namespace.
  return kind == "Namespace" ? name == name_space_
                             : name_space.empty() || name_space == name_space_;
}

void Scope::keep(report::FindingSet& set, const kube::Manifests& manifests) const {
  if (name_space_.empty()) return;
  const auto elsewhere = [&](const auto& one) {
    return !holds(one.object.kind, one.object.name_space, one.object.name);
  };
  std::erase_if(set.findings, elsewhere);
  std::erase_if(set.unknown, elsewhere);
  set.objects = static_cast<std::size_t>(
      std::count_if(manifests.objects.begin(), manifests.objects.end(),
                    [&](const kube::Object& object) { return holds(object); }));
}

std::vector<std::string> tell_nothing_seen(report::FindingSet& set, const Scope& scope,
                                           const std::vector<const kube::Manifests*>& inputs,
                                           const std::vector<std::string>& paths) {
  // What could not be read is told already, and may have held it.
  if (!set.complete) return {};
  if (std::all_of(inputs.begin(), inputs.end(),
                  [](const auto* manifests) { return manifests->objects.empty(); })) {
    if (!set.findings.empty()) return {};
    lack(set, some(paths), "no Kubernetes object was found");
    return {"no Kubernetes object was found in " + some(paths)};
  }
  const auto& wanted = scope.name_space();
  const auto known = namespaces_of(inputs);
  if (wanted.empty() || std::find(known.begin(), known.end(), wanted) != known.end()) return {};
  lack(set, "namespace " + wanted, "no object of it is in the input");
  auto note = "no object of namespace " + wanted + " is in the input";
  if (!known.empty()) note += "; it has: " + some(known);
  const auto near = suggestions(wanted, known);
  if (!near.empty()) note += "; did you mean " + join(near, " or ") + "?";
  return {std::move(note)};
}

}  // namespace aksmesh::commands
