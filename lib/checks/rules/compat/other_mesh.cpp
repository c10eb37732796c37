// SPDX-License-Identifier: Apache-2.0
#include "checks/injection.hpp"
#include "checks/live_pods.hpp"

namespace aksmesh::checks {
namespace {

Node foreign_sidecar(const Workload& workload) {
  for (const auto name : kOtherMeshSidecars)
    if (const auto container = find_container(workload.pod_spec, name)) return container;
  return {};
}

void check(const Facts& facts, const Workload& workload, Findings& out) {
  const auto sidecar = foreign_sidecar(workload);
  if (!sidecar) return;
  const auto& object = *workload.object;
  const auto meshed = in_mesh(facts, workload);
  if (meshed == Meshed::unknown)
    out.unknown(object,
                "its Namespace is not in the input, so nothing tells whether the add-on injects a "
                "sidecar too");
  if (meshed != Meshed::yes) return;
  out.add(object, sidecar,
          "{kind} {name} of meshed namespace {namespace} has sidecar {sidecar} of another mesh",
          {{"kind", std::string(object.kind_name)},
           {"name", std::string(object.name)},
           {"namespace", std::string(object.name_space)},
           {"sidecar", std::string(sidecar["name"].text())}});
}

void run(const Facts& facts, Findings& out) {
  visit_pods_and_templates(facts, [&](const Workload& workload) { check(facts, workload, out); });
}

}  // namespace

extern const Check other_mesh;
constinit const Check other_mesh{
    .slug = "other-mesh", .reads = kPodKinds | KindSet{Kind::name_space}, .run = run};

}  // namespace aksmesh::checks
