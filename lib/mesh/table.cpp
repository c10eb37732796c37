// SPDX-License-Identifier: Apache-2.0
#include "mesh/table.hpp"

#include <string>

#include "data/table.hpp"

namespace aksmesh::mesh {

data::Node table(std::string_view file_name) {
  return data::table("lib/mesh/tables/" + std::string(file_name));
}

}  // namespace aksmesh::mesh
