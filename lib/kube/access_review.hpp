// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "kube/client.hpp"

namespace aksmesh::kube {

/// A right on one resource, in one namespace or, when that is empty, in all.
struct Right {
  std::string verb{};
  std::string resource{};  ///< as in `pods/exec`
  std::string name_space{};
  std::string group{};
  /// `create pods/exec in namespace shop`.
  [[nodiscard]] std::string text() const;
};

/// Those of the rights that whoever this is lacks, as the API server itself tells; which needs no
/// right. What it does not tell is not among them.
std::vector<Right> missing_rights(Client& client, const std::vector<Right>& rights);

}  // namespace aksmesh::kube
