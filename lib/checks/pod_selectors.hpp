// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "checks/check.hpp"

// What rules ask of objects that select pods of their own namespace, such as Sidecar and Telemetry.
namespace aksmesh::checks {

/// Who selects each pod, in the order in which the pods were first selected.
class SelectedPods {
 public:
  struct Selected {
    const Object* pod = nullptr;  ///< or the object with the pod template
    std::vector<const Object*> by{};
  };
  /// The pods that carry every one of the labels; reports IST0101 at the selector when there are
  /// none. Declare kPodKinds.
  void select(const Facts& facts, const Object& object, const Node& labels, Findings& out);
  [[nodiscard]] const std::vector<Selected>& pods() const { return pods_; }

 private:
  std::vector<Selected> pods_;
  std::unordered_map<const Object*, std::size_t> position_;
};

/// The names, sorted, of those of `group` that a control plane takes together with `object`, itself
/// included. On the add-on an object with a revision label is for that revision alone.
std::vector<std::string> seen_together(const Facts& facts, const Object& object,
                                       const std::vector<const Object*>& group);

/// Reports each object that shares a pod with others. Plain Istio does so for each pod; for the
/// add-on one pod stands for all that the same objects select, which are often those of one
/// workload.
class SharedPodReport {
 public:
  SharedPodReport(const Facts& facts, std::string_view code, Findings& out)
      : facts_(facts), code_(code), out_(out) {}
  void add(const SelectedPods::Selected& selected);

 private:
  const Facts& facts_;
  std::string_view code_;
  Findings& out_;
  std::set<std::vector<const Object*>> told_;
};

/// Reports each object of a group of one namespace that all of it applies to, at its document.
void report_rivals(const Facts& facts, std::string_view code,
                   const std::vector<const Object*>& group, Findings& out);

/// Groups objects by namespace, in the order of their first object.
class NamespaceGroups {
 public:
  void add(const Object* object);
  [[nodiscard]] const std::vector<std::vector<const Object*>>& groups() const { return groups_; }

 private:
  std::vector<std::vector<const Object*>> groups_;
  std::unordered_map<std::string_view, std::size_t> position_;
};

/// True for a Telemetry that neither selects workloads nor names targets; an empty selector selects
/// nothing in particular.
bool is_for_namespace(const Object& telemetry);

/// True for a value that is there and not null.
inline bool is_given(const Node& node) {
  return node && !node.is_null();
}

}  // namespace aksmesh::checks
