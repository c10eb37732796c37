// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unordered_set>

#include "checks/present_revisions.hpp"

namespace aksmesh::checks {

/// What the label istio.io/rev of a Namespace may name: revisions and tags of the add-on, and
/// self-managed injectors. Declare kRevisionKinds.
class RevisionNames {
 public:
  enum class Standing { present, missing, revisions_unknown, tags_unknown };

  explicit RevisionNames(const Facts& facts);
  [[nodiscard]] Standing of(std::string_view name) const;

 private:
  Revisions revisions_;
  std::unordered_set<std::string_view> names_;  // of tags and injectors
  bool any_webhook_ = false;
};

}  // namespace aksmesh::checks
