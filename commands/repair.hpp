// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "kube/manifests.hpp"
#include "report/finding.hpp"
#include "sys/files.hpp"

namespace aksmesh::commands {

/// The safe repairs of a run, settled for each file.
struct RepairPlan {
  struct File {
    std::string name;
    std::string_view text{};  ///< as it was read; lives as long as the manifests
    std::vector<data::TextEdit> edits{};
  };
  std::vector<File> files;
  std::size_t findings = 0;        ///< that are repaired when the plan is carried out
  std::vector<std::string> notes;  ///< what could not be repaired, and why
  [[nodiscard]] std::string diff() const;
};

/// Suppressed findings are left as they are.
RepairPlan plan_repairs(const report::FindingSet& set, const kube::Manifests& manifests);
/// Writes the files; one that changed since it was read is an error, and no file is written then.
Status carry_out(const RepairPlan& plan, sys::Files& files);

}  // namespace aksmesh::commands
