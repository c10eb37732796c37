// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "command.hpp"
#include "mesh/policy.hpp"

namespace aksmesh::commands {

/// The result of every command that runs checks.
class FindingsOutcome final : public Outcome {
 public:
  /// How text lays them out: worst first, or under the headings of their categories as a report
  /// of health, in full or with a line for each.
  enum class Layout { worst_first, by_category, brief };
  FindingsOutcome(report::FindingSet set, const mesh::Policy& policy, const Context& context,
                  std::string command, Layout layout = Layout::worst_first);

  [[nodiscard]] std::string text(const report::Style& style) const override;
  [[nodiscard]] nlohmann::ordered_json document() const override;
  [[nodiscard]] const report::FindingSet* findings() const override { return &set_; }
  [[nodiscard]] report::RenderContext render_context() const override;

 private:
  report::FindingSet set_;
  report::RenderContext context_;  // without rules, which only some formats want
  report::Details details_;
  struct Rating {
    std::string title;
    std::string severity;
  };
  std::vector<Rating> ratings_;  // of checks::codes(), in the same order
};

}  // namespace aksmesh::commands
