// SPDX-License-Identifier: Apache-2.0
#include "checks/made_pods.hpp"

#include "checks/live_pods.hpp"

namespace aksmesh::checks {
namespace {

bool is_made_by(const Object& pod, const Object& maker) {
  for (const auto owner : pod.metadata()["ownerReferences"].items()) {
    const auto name = owner["name"].text();
    if (owner["kind"].text() == maker.kind_name) return name == maker.name;
    // A ReplicaSet is called as its Deployment, and a Job as its CronJob, with one more word.
    const auto cut = name.rfind('-');
    if (cut != std::string_view::npos && name.substr(0, cut) == maker.name) return true;
  }
  return false;
}

}  // namespace

std::vector<const Object*> running_pods(const Facts& facts, const Object& workload) {
  std::vector<const Object*> out;
  if (workload.kind == Kind::pod) {
    if (is_live_pod(workload)) out.push_back(&workload);
    return out;
  }
  const auto labels = mesh::labels_of(mesh::pod_parts(workload).metadata["labels"]);
  facts.pods(workload.name_space).visit_matching(labels, [&](const auto& item) {
    if (item.object->kind == Kind::pod && is_live_pod(*item.object) &&
        is_made_by(*item.object, workload))
      out.push_back(item.object);
    return true;
  });
  return out;
}

}  // namespace aksmesh::checks
