// SPDX-License-Identifier: Apache-2.0
#include "check_reads.hpp"

namespace aksmesh::commands {
namespace {

bool leaves_open(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::denied:
    case ErrorKind::not_found:
    case ErrorKind::conflict:
    case ErrorKind::throttled:
    case ErrorKind::network:
    case ErrorKind::server:
    case ErrorKind::bad_data: return true;
    default: return false;
  }
}

}  // namespace

std::vector<OpenQuestion> questions_on_revision(const azure::ManagedCluster& cluster,
                                                const std::string& revision) {
  return {{"revision-not-offered", cluster.location + " offers " + revision},
          {"cluster-version-incompatible",
           revision + " runs on Kubernetes " + cluster.kubernetes_version}};
}

Result<std::optional<std::vector<azure::MeshRevision>>> answer_for_checks(
    Result<std::vector<azure::MeshRevision>> answer, const std::vector<OpenQuestion>& questions,
    azure::Obstacles& out) {
  if (answer) return std::optional(std::move(*answer));
  const auto& error = answer.error();
  if (!leaves_open(error.kind)) return error;
  std::string cause = ": " + error.what + (error.why.empty() ? "" : ", " + error.why);
  for (const auto& one : questions) {
    out.push_back({.slug = one.slug,
                   .why = "could not look whether " + one.whether + cause,
                   .unseen = true,
                   .advice = error.next.empty() ? "" : error.next.front()});
    cause.clear();  // once is enough
  }
  return std::optional<std::vector<azure::MeshRevision>>();
}

}  // namespace aksmesh::commands
