// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "analysis_plan.hpp"
#include "azure_options.hpp"
#include "checks/azure_findings.hpp"
#include "context.hpp"
#include "kube_session.hpp"

namespace aksmesh::commands {

/// The options of commands that run checks over a cluster and over what Azure tells of it.
void declare_both_sides(OptionSet& set, AnalyzeOptions& analysis, ClusterOptions& cluster);

/// What Azure tells of the cluster that checks are about.
class AzureSide {
 public:
  /// Nobody asks: what only Azure tells stays unknown.
  AzureSide() = default;
  /// Asks for what the rules of a phase need. What cannot be had leaves its rules unknown; a
  /// mistake on the command line is an error. `revision` is the one that is planned, empty for the
  /// usual one.
  static Result<AzureSide> ask(const ClusterOptions& options, std::string phase,
                               std::string revision, const Context& context);

  /// The two sides must tell of one cluster.
  Status check_same(const KubeOptions& options, const Context& context) const;
  /// Adds what Azure's data say on the wanted checks, or why they say nothing.
  void add_to(const AnalysisPlan& plan, report::FindingSet& set) const;
  /// What kept Azure from telling all, when that may pass.
  [[nodiscard]] const std::optional<Error>& hiccup() const { return hiccup_; }
  /// Why Azure tells nothing, when it refuses or nobody is signed in; null otherwise.
  [[nodiscard]] const Error* refusal() const { return refusal_ ? &*refusal_ : nullptr; }
  /// The revision that the rules are about; empty when there is none.
  [[nodiscard]] const std::string& revision() const { return revision_; }

 private:
  Status read(const ClusterOptions& options, const Context& context);
  /// The revisions of an answer, or why there are none.
  checks::RevisionsAnswer take(Result<std::vector<azure::MeshRevision>> answer);
  void notice(const Error& error);
  [[nodiscard]] checks::AzureFacts facts() const;

  std::string phase_{};
  std::string revision_{};
  bool asked_ = false;
  std::string why_not_{};
  std::optional<Error> hiccup_{};
  std::optional<Error> refusal_{};
  std::optional<azure::ManagedCluster> cluster_{};
  checks::RevisionsAnswer offered_{};
  checks::RevisionsAnswer upgrades_{};
  checks::MaintenanceAnswer maintenance_{};
  sys::Date today_{};
};

}  // namespace aksmesh::commands
