// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "azure/mesh_revisions.hpp"
#include "command.hpp"

namespace aksmesh::commands {

/// Revisions with what they can be upgraded to and run on.
class RevisionsOutcome final : public Outcome {
 public:
  /// `place` is a region or a cluster; `when_none` is told in a note when there are no revisions.
  RevisionsOutcome(std::vector<azure::MeshRevision> revisions, std::string place,
                   const std::string& when_none, const GlobalOptions& global);
  [[nodiscard]] std::string text(const report::Style& style) const override;
  [[nodiscard]] nlohmann::ordered_json document() const override;

 private:
  std::vector<azure::MeshRevision> revisions_;
  std::string place_;
  bool headers_;
};

}  // namespace aksmesh::commands
