// SPDX-License-Identifier: Apache-2.0
#include "azure/table.hpp"

#include <string>

#include "data/table.hpp"

namespace aksmesh::azure {

data::Node table(std::string_view file_name) {
  return data::table("lib/azure/tables/" + std::string(file_name));
}

}  // namespace aksmesh::azure
