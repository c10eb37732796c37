// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"
#include "mesh/peer_authentication.hpp"

namespace aksmesh::checks {
namespace {

std::string scope_of(const Object& object, std::string_view root) {
  if (mesh::selects_workloads(object)) return "the workloads that it selects";
  if (object.name_space == root) return "the whole mesh";
  return "namespace " + std::string(object.name_space);
}

void run(const Facts& facts, Findings& out) {
  const auto root = facts.root_namespace();
  for (const auto* object : facts.all(Kind::peer_authentication)) {
    const auto mode = object->spec().at("mtls", "mode");
    if (mode.text() != "DISABLE") continue;
    out.add(*object, mode,
            "mutual TLS is off for {scope}: traffic to them is neither encrypted nor "
            "tied to an identity",
            {{"scope", scope_of(*object, root)}});
  }
}

}  // namespace

extern const Check mtls_disabled;
constinit const Check mtls_disabled{.slug = "mtls-disabled",
                                    .reads = kMeshConfigKinds | KindSet{Kind::peer_authentication},
                                    .run = run};

}  // namespace aksmesh::checks
