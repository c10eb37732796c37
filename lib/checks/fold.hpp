// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "mesh/model.hpp"
#include "report/finding.hpp"

namespace aksmesh::checks {

/// Where a rule of this project says the same as one of Istio's of the same part of an object, one
/// of them is shown and names the other: ours, but Istio's where plain Istio is asked for.
void fold(std::vector<report::Finding>& findings, mesh::Flavour flavour);

}  // namespace aksmesh::checks
