// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "checks/gateway_pods.hpp"
#include "checks/gateway_secrets.hpp"
#include "data/certificate.hpp"

namespace aksmesh::checks {
namespace {

/// Whether a gateway can serve with this Secret: a certificate of these days, and some key.
bool is_usable(const Object& secret, const sys::Date& today) {
  auto certificate = secret_value(secret, "cert");
  if (certificate.empty() || secret_value(secret, "key").empty()) {
    certificate = secret_value(secret, "tls.crt");
    if (certificate.empty() || secret_value(secret, "tls.key").empty()) return false;
  }
  const auto chain = data::read_certificates(certificate);
  return !chain.empty() && std::all_of(chain.begin(), chain.end(),
                                       [&](const auto& one) { return one.is_valid_on(today); });
}

/// A file encrypted by SOPS shows its Secret's keys and not their values.
bool is_encrypted(const Object& secret) {
  return secret.root["sops"].is_mapping();
}

class SecretsOfGateways {
 public:
  SecretsOfGateways(const Facts& facts, Findings& out) : facts_(facts), out_(out) {
    if (!facts.is_upstream()) promised_.emplace(facts);
  }

  void check(const Object& gateway, std::string_view name_space) {
    std::unordered_set<std::string_view> seen;
    for (const auto server : gateway.spec()["servers"].items()) {
      const auto name = server.at("tls", "credentialName");
      if (name.text().empty()) continue;
      // For the add-on one word for each Secret will do.
      if (promised_ && (!reads_secret(server["tls"]) || !seen.insert(name.text()).second)) continue;
      check(gateway, name, name_space);
    }
  }

 private:
  void check(const Object& gateway, const Node& credential, std::string_view pods_namespace) {
    auto name = credential.text();
    auto name_space = pods_namespace;
    if (const auto slash = name.find('/'); slash != std::string_view::npos) {
      name_space = name.substr(0, slash);
      name = name.substr(slash + 1);
    }
    // Another object fills it, whatever stands in the input.
    if (promised_ && promised_->has(name_space, name)) return;
    const auto answer =
        look_for_secret(facts_, promised_ ? &*promised_ : nullptr, name_space, name);
    if (answer.missing)
      out_.report("IST0101", gateway, credential,
                  {"credentialName", std::string(credential.text())});
    else if (!answer.unknown.empty())
      out_.unknown("IST0101", gateway, answer.unknown);
    else if (answer.secret->is_metadata_only())
      out_.unknown("IST0161", gateway,
                   "what Secret " + full_name(*answer.secret) + " holds is not read");
    else if (promised_ && is_encrypted(*answer.secret))
      out_.unknown("IST0161", gateway,
                   "Secret " + full_name(*answer.secret) + " is encrypted in the input");
    else if (!usable(*answer.secret))
      out_.report("IST0161", gateway, credential,
                  {std::string(gateway.name), std::string(pods_namespace)});
  }
  bool usable(const Object& secret) {
    const auto [at, is_new] = usable_.try_emplace(&secret);
    if (is_new) at->second = is_usable(secret, facts_.today());
    return at->second;
  }

  const Facts& facts_;
  Findings& out_;
  std::optional<PromisedSecrets> promised_;  ///< asked for the add-on only
  std::unordered_map<const Object*, bool> usable_;
};

void run(const Facts& facts, Findings& out) {
  const auto& gateways = facts.all(Kind::istio_gateway);
  if (gateways.empty()) return;
  GatewayPods pods(facts);
  SecretsOfGateways secrets(facts, out);
  for (const auto* gateway : gateways) {
    const auto selector = mesh::labels_of(gateway->spec()["selector"]);
    // Without a selector any pod may be meant, and which Secrets it sees is anybody's guess.
    if (selector.empty() && !facts.is_upstream()) continue;
    const auto* pod = pods.first(*gateway, selector, out);
    if (pod == nullptr) continue;
    if (pod->object->name_space.empty())
      pods.report_missing(*gateway, selector,
                          out);  // only where istioctl knows no default namespace
    else
      secrets.check(*gateway, pod->object->name_space);
  }
}

constexpr std::array<std::string_view, 2> kCodes{"IST0101", "IST0161"};

}  // namespace

extern const Check gateway_secret_analyzer;
constinit const Check gateway_secret_analyzer{
    .slug = "gateway-secret-analyzer",
    .reads = kGatewayPodKinds | kPromisedSecretKinds | KindSet{Kind::istio_gateway, Kind::secret},
    .run = run,
    .codes = kCodes,
    .analyzer = "gateway.SecretAnalyzer"};

}  // namespace aksmesh::checks
