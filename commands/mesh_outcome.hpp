// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "azure/managed_cluster.hpp"
#include "command.hpp"

namespace aksmesh::commands {

/// The mesh of a cluster as it is.
class MeshOutcome final : public Outcome {
 public:
  explicit MeshOutcome(azure::ManagedCluster cluster) : cluster_(std::move(cluster)) {}
  [[nodiscard]] std::string text(const report::Style& style) const override;
  [[nodiscard]] nlohmann::ordered_json document() const override;

 private:
  azure::ManagedCluster cluster_;
};

}  // namespace aksmesh::commands
