// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"
#include "mesh/peer_authentication.hpp"

namespace aksmesh::checks {
namespace {

bool takes_sidecars(const Facts& facts, const Object& name_space) {
  if (facts.is_upstream()) return name_space.label(kInjectionLabel).text() == "enabled";
  return facts.meshed(name_space.name) == Meshed::yes;
}

void run(const Facts& facts, Findings& out) {
  const auto& objects = facts.all(Kind::peer_authentication);
  const auto root = facts.root_namespace();
  const mesh::PeerAuthentications policies(objects, root);
  for (const auto* object : objects) {
    const auto mode = object->spec().at("mtls", "mode");
    if (mode.text() != "PERMISSIVE" || mesh::selects_workloads(*object)) continue;
    out.add(*object, mode, "{scope} takes plain text beside mutual TLS",
            {{"scope", object->name_space == root
                           ? std::string("every workload without a setting of its own")
                           : "namespace " + std::string(object->name_space)}});
  }
  // Without any PeerAuthentication in the input they are likely kept elsewhere.
  if (objects.empty() && !facts.is_upstream()) return;
  for (const auto* name_space : facts.all(Kind::name_space)) {
    const auto setting = policies.of_namespace(name_space->name);
    if (setting.source == nullptr && !setting.contested && takes_sidecars(facts, *name_space))
      out.add(*name_space,
              "{scope} takes plain text beside mutual TLS: no PeerAuthentication is for it or for "
              "the mesh",
              {{"scope", "namespace " + std::string(name_space->name)}});
  }
}

}  // namespace

extern const Check mtls_permissive;
constinit const Check mtls_permissive{
    .slug = "mtls-permissive",
    .reads = kMeshConfigKinds | KindSet{Kind::peer_authentication, Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
