// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "json.hpp"

namespace aksmesh::sim {

/// The revisions a region offers, `meshRevisions` of its profile.
class Revisions {
 public:
  explicit Revisions(const Json& offered) : offered_(offered) {}
  [[nodiscard]] bool offers(const std::string& revision) const { return find(revision) != nullptr; }
  [[nodiscard]] const Json* find(const std::string& revision) const;
  /// Whether the revision runs on the cluster's Kubernetes version under its support plan.
  [[nodiscard]] bool fits(const std::string& revision, const Json& cluster) const;
  /// Where a cluster may go from a revision: what the table says of an offered one, the nearest
  /// offered one otherwise; only what fits the cluster.
  [[nodiscard]] std::vector<std::string> targets(const std::string& revision,
                                                 const Json& cluster) const;
  /// What the service chooses for a new mesh: the newest but one that fits.
  [[nodiscard]] std::string standard(const Json& cluster) const;

 private:
  const Json& offered_;
};

/// asm-1-9 is before asm-1-10.
int minor_of(const std::string& revision);
/// Such as asm-1-28.
bool is_revision(const std::string& text);

}  // namespace aksmesh::sim
