// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <utility>

#include "checks/check.hpp"
#include "checks/route_parents.hpp"

namespace aksmesh::checks {
namespace {

/// Secrets by namespace and name that something else of the input will make.
using Names = std::set<std::pair<std::string_view, std::string_view>>;

Names promised_secrets(const Facts& facts) {
  Names promised;
  for (const auto* provider : facts.all(Kind::secret_provider_class))
    for (const auto secret : provider->spec()["secretObjects"].items())
      promised.emplace(provider->name_space, secret["secretName"].text());
  for (const auto* certificate : facts.all(Kind::certificate))
    promised.emplace(certificate->name_space, certificate->spec()["secretName"].text());
  return promised;
}

/// True when cert-manager makes the certificates that the Gateway names.
bool has_issuer(const Object& gateway) {
  return gateway.annotation("cert-manager.io/issuer") ||
         gateway.annotation("cert-manager.io/cluster-issuer");
}

void run(const Facts& facts, Findings& out) {
  const auto promised = promised_secrets(facts);
  for (const auto* gateway : facts.all(Kind::kube_gateway)) {
    if (!mesh::is_of_istio(*gateway) || has_issuer(*gateway)) continue;
    for (const auto& secret : mesh::certificate_refs(*gateway)) {
      if (!secret.is_secret() || secret.name.empty() ||
          facts.find(Kind::secret, secret.name_space, secret.name) != nullptr ||
          promised.contains({secret.name_space, secret.name}))
        continue;
      const auto name = full_name(secret.name_space, secret.name);
      if (facts.covers(Kind::secret, secret.name_space))
        out.add(*gateway, part_of(secret, "name"),
                "a listener of Gateway {name} gets no certificate: there is no Secret {secret}",
                {{"name", std::string(gateway->name)}, {"secret", name}});
      else
        out.unknown(*gateway, "the input holds no Secrets of namespace " +
                                  std::string(secret.name_space) + "; " + name + " must be there");
    }
  }
}

}  // namespace

extern const Check listener_certificate_missing;
constinit const Check listener_certificate_missing{
    .slug = "listener-certificate-missing",
    .reads = {Kind::kube_gateway, Kind::secret, Kind::secret_provider_class, Kind::certificate},
    .run = run};

}  // namespace aksmesh::checks
