// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "data/tree.hpp"

namespace aksmesh::kube {

/// A value as JSON; what is absent is null.
nlohmann::ordered_json json_of(const data::Node& node);

}  // namespace aksmesh::kube
