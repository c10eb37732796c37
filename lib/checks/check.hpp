// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/model.hpp"
#include "checks/names.hpp"
#include "report/finding.hpp"

// Everything that a rule needs. lib/checks/README.md tells how to add one.
namespace aksmesh::checks {

using data::Node;
using kube::KindSet;

/// What one check may see of the model. Asking for a kind that the check does not declare is a
/// defect of the check: it gets nothing, and a law of the tests names the kind.
class Facts {
 public:
  Facts(const Model& model, const mesh::Limitation* limitation, KindSet declared)
      : model_(model), limitation_(limitation), declared_(declared) {}

  [[nodiscard]] const std::vector<const Object*>& all(Kind kind) const;
  [[nodiscard]] const Object* find(Kind kind, std::string_view name_space,
                                   std::string_view name) const;
  /// True when the input holds any object of the kind in the namespace, so that a missing one is
  /// really missing.
  [[nodiscard]] bool covers(Kind kind, std::string_view name_space) const;
  /// Reads every kind with a pod template; declare kPodKinds.
  [[nodiscard]] const std::vector<Workload>& workloads() const;
  /// Reads Namespace.
  [[nodiscard]] Meshed meshed(std::string_view name_space) const;
  /// Reads Deployment and MutatingWebhookConfiguration; declare kRevisionKinds.
  [[nodiscard]] const Revisions& revisions() const;
  /// Reads ConfigMap, IstioOperator and bare files; declare kMeshConfigKinds.
  [[nodiscard]] const std::vector<MeshConfigDocument>& mesh_configs() const;
  [[nodiscard]] const data::ReadResult& embedded(const Object& object, const Node& value) const {
    return model_.embedded(object, value);
  }
  [[nodiscard]] std::optional<VersionNumber> kubernetes_version() const {
    return model_.options().kubernetes_version;
  }
  [[nodiscard]] sys::Date today() const { return model_.options().today; }
  /// The entry of the policy in force, never null while a rule of the add-on runs.
  [[nodiscard]] const mesh::Limitation& limitation() const { return *limitation_; }

  // For the runner and the law that compares declared with read.
  [[nodiscard]] KindSet read() const { return read_; }
  [[nodiscard]] bool saw_anything() const { return saw_anything_; }

 private:
  bool touch(KindSet kinds) const;

  const Model& model_;
  const mesh::Limitation* limitation_;
  KindSet declared_;
  mutable KindSet read_;
  mutable bool saw_anything_ = false;
};

inline constexpr KindSet kPodKinds{Kind::pod,        Kind::deployment,  Kind::stateful_set,
                                   Kind::daemon_set, Kind::replica_set, Kind::job,
                                   Kind::cron_job};
inline constexpr KindSet kRevisionKinds{Kind::deployment, Kind::mutating_webhook_configuration};
inline constexpr KindSet kMeshConfigKinds{Kind::config_map, Kind::istio_operator,
                                          Kind::mesh_config_file};

/// Takes what one check has to say. The place of a finding is the key of the value (the item itself
/// in a list); without a value it is the object's `kind`. The message may name its arguments as
/// `{name}`; they also go into the JSON.
class Findings {
 public:
  Findings(const mesh::Limitation* limitation, std::string_view code, std::string_view slug,
           report::FindingSet& out)
      : limitation_(limitation), code_(code), slug_(slug), out_(out) {}

  void add(const Object& object, const Node& value, std::string_view message,
           Arguments arguments = {});
  void add(const Object& object, std::string_view message, Arguments arguments = {}) {
    add(object, Node{}, message, std::move(arguments));
  }
  /// As add, with a severity other than that of the policy's entry; it too must come from the
  /// policy.
  void add_rated(std::string_view severity, const Object& object, const Node& value,
                 std::string_view message, Arguments arguments = {});
  void unknown(const Object& object, std::string_view why);

  [[nodiscard]] std::size_t found() const { return found_; }
  [[nodiscard]] std::size_t unknowns() const { return unknowns_; }

 private:
  const mesh::Limitation* limitation_;
  std::string_view code_;
  std::string_view slug_;
  report::FindingSet& out_;
  std::size_t found_ = 0;
  std::size_t unknowns_ = 0;
};

/// One rule. Code and category come from the tables by its slug.
struct Check {
  std::string_view slug{};
  KindSet reads{};
  void (*run)(const Facts&, Findings&) = nullptr;
};

/// Every rule that is built, sorted by slug.
std::span<const Check* const> catalogue();
const Check* find_check(std::string_view slug);

/// A permanent code and what it stands for (lib/mesh/tables/codes.json).
struct Code {
  std::string_view code{};
  std::string_view slug{};
  std::string_view title{};     ///< for codes that are no limitation of the add-on
  std::string_view severity{};  ///< likewise
  bool retired = false;
};
const std::vector<Code>& codes();
/// By code or slug; null when there is none.
const Code* find_code(std::string_view code_or_slug);
/// The folder of a code's page and rule below lib/checks/rules, by its thousands digit.
std::string_view category_of(std::string_view code);
/// The page of a code, empty while its rule is not built.
std::string_view page_of(const Code& code);

report::ObjectRef object_ref(const Object& object);
report::Where where_of(const Object& object, const Node& value);

}  // namespace aksmesh::checks
