// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "azure/mesh_revisions.hpp"
#include "azure/preconditions.hpp"

namespace aksmesh::commands {

/// What a check would have looked at, for when nobody can look: `whether` completes "could not look
/// whether".
struct OpenQuestion {
  std::string slug{};
  std::string whether{};
};

/// Those that the region's list of revisions answers of one revision.
std::vector<OpenQuestion> questions_on_revision(const azure::ManagedCluster& cluster,
                                                const std::string& revision);

/// The answer to a read that only checks want. Where it is refused, missing or broken, each
/// question becomes an unseen obstacle and there is no value: a right that the change itself does
/// not need must not end it. Other errors (the sign-in, the time, Ctrl-C) stay errors.
Result<std::optional<std::vector<azure::MeshRevision>>> answer_for_checks(
    Result<std::vector<azure::MeshRevision>> answer, const std::vector<OpenQuestion>& questions,
    azure::Obstacles& out);

}  // namespace aksmesh::commands
