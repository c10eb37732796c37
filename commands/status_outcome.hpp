// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "checks/mesh_status.hpp"
#include "command.hpp"
#include "report/finding.hpp"
#include "report/table.hpp"

namespace aksmesh::commands {

/// What was read of the mesh of a cluster.
struct MeshReading {
  std::string place{};    ///< the cluster, for people
  std::string version{};  ///< of its API server; empty: not told
  std::int64_t now = 0;   ///< when it was so, in seconds since 1970
  checks::MeshStatus status{};
  report::FindingSet conditions{};
};
nlohmann::ordered_json status_document(const MeshReading& reading);

/// What one rule found, told once.
struct Condition {
  const report::Finding* first = nullptr;
  std::size_t places = 0;
};
/// In the order of the findings: by severity, then code.
std::vector<Condition> grouped(const report::FindingSet& set);

/// `2/3`: ready, of those that are wanted.
std::string text_of(const checks::Replicas& pods);
/// When the support of a revision ends; `-` when that is not known.
std::string support_text(const checks::RevisionStatus& revision);

/// One screen about a mesh.
class StatusOutcome final : public Outcome {
 public:
  StatusOutcome(MeshReading reading, const Context& context);
  [[nodiscard]] std::string text(const report::Style& style) const override;
  [[nodiscard]] nlohmann::ordered_json document() const override;

 private:
  [[nodiscard]] std::string section(const report::Table& table, const report::Style& style) const;
  [[nodiscard]] std::string revisions_text(const report::Style& style) const;
  [[nodiscard]] std::string gateways_text(const report::Style& style) const;
  [[nodiscard]] std::string namespaces_text(const report::Style& style) const;
  [[nodiscard]] std::string proxies_text(const report::Style& style) const;
  [[nodiscard]] std::string conditions_text(const report::Style& style) const;
  /// The text, or a mark for what rests on a kind that could not be listed.
  [[nodiscard]] std::string seen(kube::Kind kind, std::string text) const;

  MeshReading reading_;
  const checks::MeshStatus& status_;  // of the reading
  std::string program_;
  sys::Aim aim_;
  bool headers_;
};

}  // namespace aksmesh::commands
