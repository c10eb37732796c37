// SPDX-License-Identifier: Apache-2.0
#include "checks/present_revisions.hpp"

#include <algorithm>

#include "checks/istiods.hpp"

namespace aksmesh::checks {

Revisions present_revisions(const Facts& facts) {
  auto out = facts.revisions();
  for (const auto& [revision, istiod] : istiods(facts)) out.installed.push_back(revision);
  std::sort(out.installed.begin(), out.installed.end());
  out.installed.erase(std::unique(out.installed.begin(), out.installed.end()), out.installed.end());
  return out;
}

}  // namespace aksmesh::checks
