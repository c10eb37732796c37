// SPDX-License-Identifier: Apache-2.0
#include "checks/gateway_secrets.hpp"
#include "checks/route_parents.hpp"

namespace aksmesh::checks {
namespace {

/// True when cert-manager makes the certificates that the Gateway names.
bool has_issuer(const Object& gateway) {
  return gateway.annotation("cert-manager.io/issuer") ||
         gateway.annotation("cert-manager.io/cluster-issuer");
}

void run(const Facts& facts, Findings& out) {
  const auto& gateways = facts.all(Kind::kube_gateway);
  if (gateways.empty()) return;
  const PromisedSecrets promised(facts);
  for (const auto* gateway : gateways) {
    if (!mesh::is_of_istio(*gateway) || has_issuer(*gateway)) continue;
    for (const auto& secret : mesh::certificate_refs(*gateway)) {
      if (!secret.is_secret() || secret.name.empty()) continue;
      const auto answer = look_for_secret(facts, &promised, secret.name_space, secret.name);
      if (answer.missing)
        out.add(*gateway, part_of(secret, "name"),
                "a listener of Gateway {name} gets no certificate: there is no Secret {secret}",
                {{"name", std::string(gateway->name)},
                 {"secret", full_name(secret.name_space, secret.name)}});
      else if (!answer.unknown.empty())
        out.unknown(*gateway, answer.unknown);
    }
  }
}

}  // namespace

extern const Check listener_certificate_missing;
constinit const Check listener_certificate_missing{
    .slug = "listener-certificate-missing",
    .reads = kPromisedSecretKinds | KindSet{Kind::kube_gateway, Kind::secret},
    .run = run};

}  // namespace aksmesh::checks
