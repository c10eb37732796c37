// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "azure/change.hpp"
#include "command.hpp"

namespace aksmesh::commands {

/// What a changing command did, or would do.
struct ChangeResult {
  enum class State { unchanged, planned, accepted, done };
  State state = State::unchanged;
  std::string headline{};
  azure::ManagedCluster cluster;  ///< as it is now, as far as it was read
  std::vector<data::JsonChange> changes{};
  std::vector<std::string> warnings{};
  std::vector<std::string> skipped_checks{};
  std::vector<std::string> next{};
  std::string operation{};
  std::string request{};  ///< what would be sent, of a plan
};

class ChangeOutcome final : public Outcome {
 public:
  explicit ChangeOutcome(ChangeResult result) : result_(std::move(result)) {}
  [[nodiscard]] std::string text(const report::Style& style) const override;
  [[nodiscard]] nlohmann::ordered_json document() const override;
  [[nodiscard]] std::string deed() const override;

 private:
  ChangeResult result_;
};

/// The changes for people, a line for each value that is added or goes.
std::string changes_text(const std::vector<data::JsonChange>& changes, const report::Style& style);

}  // namespace aksmesh::commands
