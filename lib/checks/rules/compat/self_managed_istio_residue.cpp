// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

bool shows_addon(const Facts& facts) {
  const auto& deployments = facts.all(Kind::deployment);
  return std::any_of(deployments.begin(), deployments.end(), [](const Object* deployment) {
    return deployment->name_space == kSystemNamespace &&
           deployment->name.starts_with(kIstiodPrefix) &&
           parse_revision(deployment->name.substr(kIstiodPrefix.size()));
  });
}

/// Whether such objects are left over depends on the mode of the mesh, which no manifest tells:
/// with the add-on on they are its own.
void run(const Facts& facts, Findings& out) {
  if (shows_addon(facts)) return;
  const auto leave_open = [&](Kind kind, bool (*suspect)(std::string_view)) {
    for (const auto* object : facts.all(kind))
      if (suspect(object->name))
        out.unknown(*object,
                    "it is left over only while the add-on is off; a Deployment istiod-asm-X-Y of "
                    "aks-istio-system in the input would show that the add-on is on");
  };
  constexpr auto kNamedIstio = [](std::string_view name) { return name.starts_with("istio"); };
  leave_open(Kind::custom_resource_definition,
             [](std::string_view name) { return name.ends_with(".istio.io"); });
  leave_open(Kind::cluster_role, kNamedIstio);
  leave_open(Kind::mutating_webhook_configuration, kNamedIstio);
  leave_open(Kind::validating_webhook_configuration, kNamedIstio);
  leave_open(Kind::gateway_class, [](std::string_view name) { return name == kGatewayClass; });
}

}  // namespace

extern const Check self_managed_istio_residue;
constinit const Check self_managed_istio_residue{
    .slug = "self-managed-istio-residue",
    .reads = {Kind::deployment, Kind::custom_resource_definition, Kind::cluster_role,
              Kind::mutating_webhook_configuration, Kind::validating_webhook_configuration,
              Kind::gateway_class},
    .run = run};

}  // namespace aksmesh::checks
