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

/// A pod may name its revision itself where its namespace says nothing of injection.
bool names_own_revision(const Facts& facts, const Workload& workload) {
  if (workload.label(kRevisionLabel).text().empty()) return false;
  const auto* name_space = facts.find(Kind::name_space, {}, workload.object->name_space);
  return name_space != nullptr && !name_space->label(kInjectionLabel);
}

}  // namespace

Meshed in_mesh(const Facts& facts, const Workload& workload) {
  const bool has_proxy = static_cast<bool>(find_container(workload.pod_spec, kProxyContainer));
  if (!has_proxy && is_left_out(workload)) return Meshed::no;
  const auto meshed = facts.meshed(workload.object->name_space);
  const bool by_itself = (meshed == Meshed::unknown && has_proxy) ||
                         (meshed == Meshed::no && names_own_revision(facts, workload));
  return by_itself ? Meshed::yes : meshed;
}

}  // namespace aksmesh::checks
