// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <unordered_set>
#include <utility>

#include "checks/addon_gateways.hpp"

namespace aksmesh::checks {
namespace {

/// Secrets by namespace and name that something else of the input will make.
using PromisedSecrets = std::set<std::pair<std::string_view, std::string_view>>;

PromisedSecrets promised_secrets(const Facts& facts) {
  PromisedSecrets promised;
  for (const auto* provider : facts.all(Kind::secret_provider_class))
    for (const auto secret : provider->spec()["secretObjects"].items())
      promised.emplace(provider->name_space, secret["secretName"].text());
  for (const auto* certificate : facts.all(Kind::certificate))
    promised.emplace(certificate->name_space, certificate->spec()["secretName"].text());
  return promised;
}

bool reads_secret(const Node& tls) {
  const auto mode = tls["mode"].text();
  const auto name = tls["credentialName"].text();
  return !name.empty() && name.find("://") == std::string_view::npos && mode != "PASSTHROUGH" &&
         mode != "AUTO_PASSTHROUGH" && mode != "ISTIO_MUTUAL";
}

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
  const auto promised = promised_secrets(facts);
  for (const auto* gateway : gateways) {
    const auto name_space = pods_namespace(*gateway, egress);
    if (name_space.empty()) continue;
    std::unordered_set<std::string_view> seen;
    for (const auto server : gateway->spec()["servers"].items()) {
      const auto credential = server.at("tls", "credentialName");
      const auto name = credential.text();
      if (!reads_secret(server["tls"]) || !seen.insert(name).second) continue;
      if (facts.find(Kind::secret, name_space, name) != nullptr ||
          promised.contains({name_space, name}))
        continue;
      if (facts.covers(Kind::secret, name_space))
        out.add(*gateway, credential,
                "Gateway {name} gets no certificate: namespace {namespace} of its pods has no "
                "Secret {secret}",
                {{"name", std::string(gateway->name)},
                 {"namespace", std::string(name_space)},
                 {"secret", std::string(name)}});
      else
        out.unknown(*gateway, "the input holds no Secrets of namespace " + std::string(name_space) +
                                  "; Secret " + std::string(name) + " must be there");
    }
  }
}

}  // namespace

extern const Check ingress_secret_namespace;
constinit const Check ingress_secret_namespace{
    .slug = "ingress-secret-namespace",
    .reads = kEgressGatewayKinds | KindSet{Kind::istio_gateway, Kind::secret,
                                           Kind::secret_provider_class, Kind::certificate},
    .run = run};

}  // namespace aksmesh::checks
