// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace aksmesh::commands::docgen {

struct ManPage {
  std::string name;  ///< file name, such as aksmesh-analyze.1
  std::string text;
};

/// One page for the program, each command and each topic, and aksmesh-checks(7) with every code.
std::vector<ManPage> man_pages();

}  // namespace aksmesh::commands::docgen
