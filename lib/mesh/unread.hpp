// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "mesh/model.hpp"

namespace aksmesh::mesh {

/// Whether objects of a kind may be missing in a namespace because something that was asked for
/// could not be read. Files that were read whole are taken for all there is.
bool may_lack(const Model& model, Kind kind, std::string_view name_space);

}  // namespace aksmesh::mesh
