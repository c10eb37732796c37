// SPDX-License-Identifier: Apache-2.0
#include "mesh/unread.hpp"

#include <algorithm>
#include <string>

namespace aksmesh::mesh {
namespace {

/// A file that could not be read may have held anything.
bool is_lost(const kube::Manifests& manifests, Kind kind) {
  const auto& files = manifests.files;
  return !manifests.misfits.empty() ||
         std::any_of(
             manifests.unavailable.begin(), manifests.unavailable.end(),
             [&](const auto& one) { return one.kind == kind || one.kind == Kind::other; }) ||
         std::any_of(files.begin(), files.end(), [](const kube::InputFile& file) {
           return std::any_of(file.problems.begin(), file.problems.end(),
                              [](const auto& problem) { return problem.document_lost; });
         });
}

}  // namespace

bool may_lack(const Model& model, Kind kind, std::string_view name_space) {
  const auto& manifests = model.manifests();
  const bool of_cluster = !manifests.whole.empty() || !manifests.whole_in.empty();
  const bool is_listed =
      manifests.whole.has(kind) || manifests.whole_in.contains({kind, std::string(name_space)});
  return (of_cluster && !is_listed) || is_lost(manifests, kind);
}

}  // namespace aksmesh::mesh
