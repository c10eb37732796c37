// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "checks/check.hpp"

namespace aksmesh::checks {

/// What a user asked for; with neither codes nor checks, everything.
struct Selection {
  std::vector<std::string> codes{};
  std::vector<const Check*> checks{};  ///< analyzers named as a whole
  [[nodiscard]] bool wants(const Check& check) const;
  [[nodiscard]] bool wants(const Code& code, const Check* by) const;
  /// The kinds that the wanted checks read.
  [[nodiscard]] KindSet reads() const;
};

/// Every code that belongs to a phase (check, enable, upgrade, disable, migrate, gateway) under a
/// policy: limitations by their entry, others by their row in codes.json. What only Azure tells by
/// refusing is none of them.
Selection of_phase(const mesh::Policy& policy, std::string_view phase);

/// Runs every check that the policy knows (or only those selected) and says for each code how it
/// ended. Problems of the input itself become findings of their own codes. The result is sorted.
report::FindingSet run_checks(const Model& model, const mesh::Policy& policy,
                              const Selection& selection);

/// Findings about documents that could not be read as they are.
void add_input_findings(const kube::Manifests& manifests, report::FindingSet& out);

}  // namespace aksmesh::checks
