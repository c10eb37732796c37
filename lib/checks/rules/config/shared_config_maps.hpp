// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/check.hpp"

namespace aksmesh::checks {

/// The part of a shared ConfigMap's name behind the fixed prefix; empty for other ConfigMaps.
/// Namespaces do not matter.
inline std::string_view shared_revision(const Object& config_map) {
  const auto name = config_map.name;
  return name.starts_with(kSharedConfigMapPrefix) ? name.substr(kSharedConfigMapPrefix.size())
                                                  : std::string_view{};
}

/// True for the name of shared ConfigMaps without any revision.
inline bool lacks_revision(const Object& config_map) {
  return config_map.name == kSharedConfigMapPrefix.substr(0, kSharedConfigMapPrefix.size() - 1);
}

}  // namespace aksmesh::checks
