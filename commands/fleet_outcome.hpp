// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "command.hpp"
#include "status_outcome.hpp"

namespace aksmesh::commands {

/// How the mesh of one of several clusters stands, or why that is not known.
struct ContextStatus {
  std::string context{};
  std::string server{};  ///< HOST or HOST:PORT; empty when the context leads nowhere
  Result<MeshReading> reading;
};

/// Several clusters in one table.
class FleetOutcome final : public Outcome {
 public:
  FleetOutcome(std::vector<ContextStatus> clusters, const Context& context);
  [[nodiscard]] std::string text(const report::Style& style) const override;
  [[nodiscard]] nlohmann::ordered_json document() const override;

 private:
  std::vector<ContextStatus> clusters_;
  bool headers_;
};

}  // namespace aksmesh::commands
