// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "checks/check.hpp"

namespace aksmesh::checks {

/// Runs every check that the policy knows (or only those of `only`, by code) and says for each how
/// it ended. Problems of the input itself become findings of their own codes. The result is sorted.
report::FindingSet run_checks(const Model& model, const mesh::Policy& policy,
                              const std::vector<std::string>& only);

/// Findings about documents that could not be read as they are.
void add_input_findings(const kube::Manifests& manifests, report::FindingSet& out);

}  // namespace aksmesh::checks
