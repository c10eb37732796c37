// SPDX-License-Identifier: Apache-2.0
#include <unordered_set>

#include "checks/addon_gateways.hpp"
#include "checks/gateway_secrets.hpp"

namespace aksmesh::checks {
namespace {

/// The namespace of the pods that the Gateway selects; empty for gateways that are not the
/// add-on's.
std::string_view pods_namespace(const Object& gateway, const EgressGateways& egress) {
  const auto selected = selected_gateway(gateway).text();
  if (is_ingress_gateway(selected)) return kIngressNamespace;
  const auto* name_space = egress.name_space_of(selected);
  return name_space == nullptr ? std::string_view{} : *name_space;
}

void run(const Facts& facts, Findings& out) {
  const auto& gateways = facts.all(Kind::istio_gateway);
  if (gateways.empty()) return;
  const EgressGateways egress(facts);
  const PromisedSecrets promised(facts);
  for (const auto* gateway : gateways) {
    const auto name_space = pods_namespace(*gateway, egress);
    if (name_space.empty()) continue;
    std::unordered_set<std::string_view> seen;
    for (const auto server : gateway->spec()["servers"].items()) {
      const auto credential = server.at("tls", "credentialName");
      const auto name = credential.text();
      if (!reads_secret(server["tls"]) || !seen.insert(name).second) continue;
      const auto answer = look_for_secret(facts, &promised, name_space, name);
      if (answer.missing)
        out.add(*gateway, credential,
                "Gateway {name} gets no certificate: namespace {namespace} of its pods has no "
                "Secret {secret}",
                {{"name", std::string(gateway->name)},
                 {"namespace", std::string(name_space)},
                 {"secret", std::string(name)}});
      else if (!answer.unknown.empty())
        out.unknown(*gateway, answer.unknown);
    }
  }
}

}  // namespace

extern const Check ingress_secret_namespace;
constinit const Check ingress_secret_namespace{.slug = "ingress-secret-namespace",
                                               .reads = kEgressGatewayKinds | kPromisedSecretKinds |
                                                        KindSet{Kind::istio_gateway, Kind::secret},
                                               .run = run};

}  // namespace aksmesh::checks
