// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/check.hpp"
#include "checks/mutual_tls.hpp"
#include "mesh/authorization.hpp"

namespace aksmesh::checks {
namespace {

/// Some workload that a policy selects and that shows it no identities.
struct Unencrypted {
  std::string workload{};
  mesh::MutualTlsSetting setting{};
};

bool is_off_for_all_ports(const mesh::PeerAuthentications& modes,
                          const mesh::MutualTlsSetting& setting, std::string_view name_space) {
  if (setting.mode != mesh::MutualTls::disable || setting.contested) return false;
  // One with a selector may know better of single ports.
  if (!mesh::selects_workloads(*setting.source)) return !modes.has_selectors(name_space);
  return setting.source->spec()["portLevelMtls"].size() == 0;
}

std::optional<Unencrypted> find_unencrypted(const Facts& facts,
                                            const mesh::PeerAuthentications& modes,
                                            const Object& policy) {
  const auto selector = mesh::labels_of(policy.spec().at("selector", "matchLabels"));
  std::optional<Unencrypted> found;
  const auto look = [&](const auto& item) {
    const auto setting = modes.of_workload(item.object->name_space, item.labels);
    if (is_off_for_all_ports(modes, setting, item.object->name_space) &&
        !is_gateway_pod(*item.object) && has_sidecar(facts, *item.object) == Meshed::yes)
      found = Unencrypted{object_ref(*item.object).text(), setting};
    return !found;
  };
  const bool everywhere = policy.name_space == facts.root_namespace();
  const auto& pods = everywhere ? facts.pods() : facts.pods(policy.name_space);
  pods.visit_matching(selector, look);
  return found;
}

bool some_turn_off(const Facts& facts) {
  const auto& all = facts.all(Kind::peer_authentication);
  return std::any_of(all.begin(), all.end(), [](const Object* object) {
    return object->spec().at("mtls", "mode").text() == "DISABLE";
  });
}

void run(const Facts& facts, Findings& out) {
  const auto& policies = facts.all(Kind::authorization_policy);
  const mesh::PeerAuthentications modes(facts.all(Kind::peer_authentication),
                                        facts.root_namespace());
  if (!some_turn_off(facts)) return;
  for (const auto* policy : policies) {
    Node needed;
    for (const auto rule : policy->spec()["rules"].items())
      if (!needed) needed = mesh::identity_needed(rule);
    if (!needed || mesh::has_target(*policy)) continue;
    if (const auto found = find_unencrypted(facts, modes, *policy))
      out.add(*policy, needed,
              "the rule never matches for {workload}: mutual TLS is off there ({source}), and "
              "without it callers have no identity",
              {{"workload", found->workload}, {"source", source_text(found->setting)}});
  }
}

}  // namespace

extern const Check authorization_identity_without_mtls;
constinit const Check authorization_identity_without_mtls{
    .slug = "authorization-identity-without-mtls",
    .reads = kPodKinds | kMeshConfigKinds |
             KindSet{Kind::authorization_policy, Kind::peer_authentication, Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
