// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "description.hpp"
#include "report/style.hpp"

namespace aksmesh::commands {

/// A description for people, in the neighbour's words where it has them.
std::string describe_text(const Description& description, const report::Style& style);

}  // namespace aksmesh::commands
