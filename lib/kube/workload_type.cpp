// SPDX-License-Identifier: Apache-2.0
#include "kube/workload_type.hpp"

#include <algorithm>

#include "base/strings.hpp"

namespace aksmesh::kube {

const std::vector<WorkloadType>& workload_types() {
  static const std::vector<WorkloadType> kTypes{
      {Kind::pod, "pod", "pods", "/api/v1", {"po"}},
      {Kind::deployment,
       "deployment",
       "deployments",
       "/apis/apps/v1",
       {"deploy", "deployments.apps"}},
      {Kind::stateful_set, "statefulset", "statefulsets", "/apis/apps/v1", {"sts"}},
      {Kind::daemon_set, "daemonset", "daemonsets", "/apis/apps/v1", {"ds"}},
      {Kind::replica_set, "replicaset", "replicasets", "/apis/apps/v1", {"rs"}},
      {Kind::job, "job", "jobs", "/apis/batch/v1", {}},
      {Kind::cron_job, "cronjob", "cronjobs", "/apis/batch/v1", {"cj"}},
      {Kind::service, "service", "services", "/api/v1", {"svc"}},
      {Kind::kube_gateway, "gateway", "gateways", "/apis/gateway.networking.k8s.io/v1", {"gtw"}}};
  return kTypes;
}

const WorkloadType* find_workload_type(std::string_view word) {
  const auto lower = to_lower(word);
  for (const auto& type : workload_types())
    if (lower == type.name || lower == type.plural ||
        std::find(type.words.begin(), type.words.end(), lower) != type.words.end())
      return &type;
  return nullptr;
}

}  // namespace aksmesh::kube
