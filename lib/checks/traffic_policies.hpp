// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "checks/check.hpp"

namespace aksmesh::checks {

/// The fields of a trafficPolicy that a wider one has and a narrower one lacks, of those that a
/// narrower one replaces as a whole.
std::vector<std::string> fields_missing(const Node& wide, const Node& narrow);

}  // namespace aksmesh::checks
