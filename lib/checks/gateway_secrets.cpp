// SPDX-License-Identifier: Apache-2.0
#include "checks/gateway_secrets.hpp"

#include "base/base64.hpp"

namespace aksmesh::checks {

PromisedSecrets::PromisedSecrets(const Facts& facts) {
  for (const auto* provider : facts.all(Kind::secret_provider_class))
    for (const auto secret : provider->spec()["secretObjects"].items())
      names_.emplace(provider->name_space, secret["secretName"].text());
  for (const auto* certificate : facts.all(Kind::certificate))
    names_.emplace(certificate->name_space, certificate->spec()["secretName"].text());
}

bool reads_secret(const Node& tls) {
  const auto mode = tls["mode"].text();
  const auto name = tls["credentialName"].text();
  return !name.empty() && name.find("://") == std::string_view::npos && mode != "PASSTHROUGH" &&
         mode != "AUTO_PASSTHROUGH" && mode != "ISTIO_MUTUAL";
}

std::string secret_value(const Object& secret, std::string_view key) {
  // The API server lays stringData over data when it takes the object.
  if (const auto plain = secret.root.at("stringData", key); plain) return std::string(plain.text());
  return decode_base64(secret.root.at("data", key).text()).value_or(std::string{});
}

}  // namespace aksmesh::checks
