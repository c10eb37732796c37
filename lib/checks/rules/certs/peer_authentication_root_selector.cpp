// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"
#include "mesh/peer_authentication.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  const auto root = facts.root_namespace();
  for (const auto* object : facts.all(Kind::peer_authentication))
    if (object->name_space == root && mesh::selects_workloads(*object))
      out.add(
          *object, object->spec()["selector"],
          "PeerAuthentication {name} has no effect: in the root namespace {namespace} one with a "
          "selector is ignored",
          {{"name", std::string(object->name)}, {"namespace", std::string(root)}});
}

}  // namespace

extern const Check peer_authentication_root_selector;
constinit const Check peer_authentication_root_selector{
    .slug = "peer-authentication-root-selector",
    .reads = kMeshConfigKinds | KindSet{Kind::peer_authentication},
    .run = run};

}  // namespace aksmesh::checks
