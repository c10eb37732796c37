// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "checks/check.hpp"

namespace aksmesh::checks {

/// The Deployments of the add-on's control plane by their revision; reads Deployment.
inline std::map<VersionNumber, const Object*> istiods(const Facts& facts) {
  std::map<VersionNumber, const Object*> out;
  for (const auto* one : facts.as_read(Kind::deployment)) {
    if (one->name_space != kSystemNamespace || !one->name.starts_with(kIstiodPrefix)) continue;
    if (const auto revision = parse_revision(one->name.substr(kIstiodPrefix.size())))
      out.emplace(*revision, one);
  }
  return out;
}

inline bool has_istiods(const Facts& facts) {
  return !istiods(facts).empty();
}

}  // namespace aksmesh::checks
