// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "checks/istio_kinds.hpp"

namespace aksmesh::checks {
namespace {

// What may stand in a root namespace for the whole mesh. Kinds that the add-on refuses wherever
// they are have their own rules.
constexpr KindSet kMeshWide{
    Kind::authorization_policy,   Kind::envoy_filter, Kind::peer_authentication,
    Kind::request_authentication, Kind::sidecar,      Kind::telemetry};

bool is_for_some(const Object& object) {
  constexpr std::array<std::string_view, 4> kChoices{"selector", "workloadSelector", "targetRef",
                                                     "targetRefs"};
  return std::any_of(kChoices.begin(), kChoices.end(),
                     [&](std::string_view key) { return object.spec()[key].size() > 0; });
}

/// A mesh of that root namespace is in the input, which is another rule's matter, or pods of that
/// namespace are of the add-on's mesh.
bool is_in_use(const Facts& facts) {
  const auto& deployments = facts.all(Kind::deployment);
  return facts.root_namespace() == kUpstreamNamespace ||
         facts.meshed(kUpstreamNamespace) == Meshed::yes ||
         std::any_of(deployments.begin(), deployments.end(), [](const Object* deployment) {
           return deployment->name_space == kUpstreamNamespace &&
                  deployment->label("app").text() == kIstiod;
         });
}

void run(const Facts& facts, Findings& out) {
  for_each_kind(kMeshWide, [&](Kind kind) {
    for (const auto* object : facts.each(kind)) {
      if (object->name_space != kUpstreamNamespace || is_for_some(*object) || is_in_use(facts))
        continue;
      out.add(*object, object->metadata()["namespace"],
              "{kind} {name} is for the whole mesh only in the root namespace, which is {root}; in "
              "{namespace} it does nothing",
              {{"kind", std::string(object->kind_name)},
               {"name", std::string(object->name)},
               {"root", std::string(facts.root_namespace())},
               {"namespace", std::string(object->name_space)}});
    }
  });
}

}  // namespace

extern const Check wrong_root_namespace;
constinit const Check wrong_root_namespace{
    .slug = "wrong-root-namespace",
    .reads = kMeshWide | kMeshConfigKinds | KindSet{Kind::deployment, Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
