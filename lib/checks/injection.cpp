// SPDX-License-Identifier: Apache-2.0
#include "checks/injection.hpp"

#include "checks/live_pods.hpp"

namespace aksmesh::checks {
namespace {

/// The label wins over the annotation, and Istio never injects into the network of the host.
bool is_left_out(const Workload& workload) {
  const auto label = workload.label(kPodInjectionLabel);
  const auto choice = label ? label : workload.annotation(kPodInjectionLabel);
  return choice.text() == "false" || workload.pod_spec["hostNetwork"].as_bool().value_or(false);
}

}  // namespace

Meshed in_mesh(const Facts& facts, const Workload& workload) {
  const bool has_proxy = static_cast<bool>(find_container(workload.pod_spec, kProxyContainer));
  if (!has_proxy && is_left_out(workload)) return Meshed::no;
  const auto meshed = facts.meshed(workload.object->name_space);
  return meshed == Meshed::unknown && has_proxy ? Meshed::yes : meshed;
}

Meshed mesh_membership(const Facts& facts, const Object& pods) {
  if (facts.in_mesh(pods)) return Meshed::yes;
  if (facts.is_upstream()) return Meshed::no;
  const auto [metadata, spec] = mesh::pod_parts(pods);
  const bool told = facts.find(Kind::name_space, {}, pods.name_space) != nullptr;
  return told || is_left_out({&pods, metadata, spec}) ? Meshed::no : Meshed::unknown;
}

}  // namespace aksmesh::checks
