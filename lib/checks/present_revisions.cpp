// SPDX-License-Identifier: Apache-2.0
#include "checks/present_revisions.hpp"

#include <algorithm>

namespace aksmesh::checks {

Revisions present_revisions(const Facts& facts) {
  auto out = facts.revisions();
  for (const auto* deployment : facts.all(Kind::deployment)) {
    const auto name = deployment->name;
    if (deployment->name_space != kSystemNamespace || !name.starts_with(kIstiodPrefix)) continue;
    if (const auto revision = parse_revision(name.substr(kIstiodPrefix.size())))
      out.installed.push_back(*revision);
  }
  std::sort(out.installed.begin(), out.installed.end());
  out.installed.erase(std::unique(out.installed.begin(), out.installed.end()), out.installed.end());
  return out;
}

}  // namespace aksmesh::checks
