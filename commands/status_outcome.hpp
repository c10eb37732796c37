// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "checks/mesh_status.hpp"
#include "command.hpp"
#include "report/finding.hpp"
#include "report/table.hpp"

namespace aksmesh::commands {

/// One screen about a mesh.
class StatusOutcome final : public Outcome {
 public:
  /// `place` is the cluster for people, `version` that of its API server.
  StatusOutcome(std::string place, std::string version, checks::MeshStatus status,
                report::FindingSet conditions, const Context& context);
  [[nodiscard]] std::string text(const report::Style& style) const override;
  [[nodiscard]] nlohmann::ordered_json document() const override;
  [[nodiscard]] bool goes_on() const override { return more != nullptr; }
  Result<OutcomePtr> next() override { return more(); }

  /// Gives the result after this one; empty: there is none.
  std::function<Result<OutcomePtr>()> more{};

 private:
  [[nodiscard]] std::string section(const report::Table& table, const report::Style& style) const;
  [[nodiscard]] std::string revisions_text(const report::Style& style) const;
  [[nodiscard]] std::string gateways_text(const report::Style& style) const;
  [[nodiscard]] std::string namespaces_text(const report::Style& style) const;
  [[nodiscard]] std::string proxies_text(const report::Style& style) const;
  [[nodiscard]] std::string conditions_text(const report::Style& style) const;
  /// The text, or a mark for what rests on a kind that could not be listed.
  [[nodiscard]] std::string seen(kube::Kind kind, std::string text) const;

  /// The number, or a mark when not all istiods could be asked.
  [[nodiscard]] std::string count_of_istiods(std::size_t count) const;

  std::string place_;
  std::string version_;
  checks::MeshStatus status_;
  report::FindingSet conditions_;
  std::string program_;
  sys::Aim aim_;
  std::int64_t now_;
  bool headers_;
};

}  // namespace aksmesh::commands
