// SPDX-License-Identifier: Apache-2.0
#include "checks/proxies.hpp"

namespace aksmesh::checks {
namespace {

std::string_view message_for(const Workload& workload, const Object& name_space) {
  const bool own = !workload.label(kRevisionLabel).text().empty();
  if (own && !name_space.label(kInjectionLabel))
    return "{name} gets its sidecar by its own label istio.io/rev, not by namespace {namespace}, "
           "and stays behind when the namespaces are moved to another revision";
  return "{name} asks for a sidecar, but only label istio.io/rev of namespace {namespace} would "
         "bring one";
}

void run(const Facts& facts, Findings& out) {
  for (const auto& workload : facts.workloads()) {
    const auto& object = *workload.object;
    const auto label = workload.label(kPodInjectionLabel);
    if (label.text() != "true" || is_addon_namespace(object.name_space)) continue;
    if (is_gateway_part(workload.template_metadata)) continue;
    const auto* name_space = facts.find(Kind::name_space, {}, object.name_space);
    if (name_space == nullptr) {
      out.unknown(object, kNamespaceUnknown);
    } else if (!name_space->label(kRevisionLabel)) {
      out.add(object, label, message_for(workload, *name_space),
              {{"name", std::string(object.name)}, {"namespace", std::string(object.name_space)}});
    }
  }
}

}  // namespace

extern const Check injection_pod_label;
constinit const Check injection_pod_label{
    .slug = "injection-pod-label", .reads = kPodKinds | KindSet{Kind::name_space}, .run = run};

}  // namespace aksmesh::checks
