// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kube/manifests.hpp"
#include "report/finding.hpp"

namespace aksmesh::commands {

/// What of the input a run is about: everything, or one namespace and what belongs to none.
class Scope {
 public:
  explicit Scope(std::string name_space) : name_space_(std::move(name_space)) {}
  [[nodiscard]] const std::string& name_space() const { return name_space_; }
  [[nodiscard]] bool holds(std::string_view kind, std::string_view name_space,
                           std::string_view name) const;
  [[nodiscard]] bool holds(const kube::Object& object) const {
    return holds(object.kind_name, object.name_space, object.name);
  }
  /// Takes out of a result what is said of objects elsewhere, and counts the objects that are left.
  void keep(report::FindingSet& set, const kube::Manifests& manifests) const;

 private:
  std::string name_space_;  // empty for everything
};

/// Nothing seen is not nothing found: without any object, or any in the namespace that was asked
/// for, the result is incomplete. `paths` are the words of the command line. Returns notes that say
/// so.
std::vector<std::string> tell_nothing_seen(report::FindingSet& set, const Scope& scope,
                                           const std::vector<const kube::Manifests*>& inputs,
                                           const std::vector<std::string>& paths);

}  // namespace aksmesh::commands
