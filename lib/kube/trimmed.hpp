// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "data/tree.hpp"
#include "kube/client.hpp"

namespace aksmesh::kube {

/// A list without what objects carry along for their writers, and at ListWish::Depth::lean without
/// the parts that nothing here reads. Where the rest stands in its object is the same as before.
std::unique_ptr<data::Tree> trimmed(std::unique_ptr<data::Tree> list, const ListWish& wish);

}  // namespace aksmesh::kube
