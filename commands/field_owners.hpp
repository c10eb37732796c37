// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "kube/manifests.hpp"

namespace aksmesh::commands {

/// The manager that keeps a label of an object by applying manifests, and would set it back: that
/// of a pipeline or of Helm. Empty when nobody does.
std::string applied_by(const kube::Object& object, std::string_view label);

}  // namespace aksmesh::commands
