// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "kube/kind.hpp"

namespace aksmesh::kube {

/// A type of object that leads to pods, as it is named before the slash of `deployment/web`.
struct WorkloadType {
  Kind kind = Kind::other;
  std::string_view name{};    ///< in the singular, as we write it
  std::string_view plural{};  ///< as in paths
  std::string_view root{};    ///< `/apis/apps/v1`
  /// Further words that kubectl takes for it.
  std::vector<std::string_view> words{};
};

/// All that are known.
const std::vector<WorkloadType>& workload_types();
/// By any of its words, in any case; null for others.
const WorkloadType* find_workload_type(std::string_view word);

}  // namespace aksmesh::kube
