// SPDX-License-Identifier: Apache-2.0
#include "checks/injection.hpp"

namespace aksmesh::checks {
namespace {

/// The label wins over the annotation, and Istio never injects into the network of the host.
bool is_left_out(const Workload& workload) {
  const auto label = workload.label(kPodInjectionLabel);
  const auto choice = label ? label : workload.annotation(kPodInjectionLabel);
  return choice.text() == "false" || workload.pod_spec["hostNetwork"].as_bool().value_or(false);
}

}  // namespace

Node container_named(const Workload& workload, std::string_view name) {
  for (const std::string_view list : {"containers", "initContainers"})
    for (const auto& container : workload.pod_spec[list].items())
      if (container["name"].text() == name) return container;
  return {};
}

Meshed in_mesh(const Facts& facts, const Workload& workload) {
  const bool has_proxy = static_cast<bool>(container_named(workload, kProxyContainer));
  if (!has_proxy && is_left_out(workload)) return Meshed::no;
  const auto meshed = facts.meshed(workload.object->name_space);
  return meshed == Meshed::unknown && has_proxy ? Meshed::yes : meshed;
}

}  // namespace aksmesh::checks
