// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include "checks/check.hpp"
#include "istio/host.hpp"
#include "istio/number.hpp"

namespace aksmesh::checks {
namespace {

/// Whether the proxies that send TLS with these settings have nothing to check the server with.
bool lacks_ca(const Facts& facts, const Object& rule, const Node& tls) {
  const auto mode = tls["mode"].text();
  if ((mode != "SIMPLE" && mode != "MUTUAL") || !tls["caCertificates"].text().empty()) return false;
  const bool has_credential = !tls["credentialName"].text().empty();
  if (facts.is_upstream()) return !has_credential || !rule.spec()["workloadSelector"].is_mapping();
  // The credential holds the CA; without a workloadSelector gateways use it.
  if (has_credential) return false;
  // Since Istio 1.21 proxies without caCertificates believe the public authorities, and since 1.24
  // nothing turns that off (change notes): right for hosts outside the cluster, no use inside.
  return tls["insecureSkipVerify"].as_bool().value_or(false) ||
         istio::fqdn(rule.spec()["host"].text(), rule.name_space).ends_with(istio::kServiceSuffix);
}

void check(const Facts& facts, const Object& rule, const Node& tls, const std::string& port,
           Findings& out) {
  if (!lacks_ca(facts, rule, tls)) return;
  std::vector<std::string> values{full_name(rule), std::string(rule.name_space),
                                  std::string(tls["mode"].text()),
                                  std::string(rule.spec()["host"].text())};
  if (!port.empty()) values.push_back(port);
  auto place = tls["caCertificates"];
  if (!place && !facts.is_upstream()) place = tls["mode"];
  // What an alias brought in has no line for istioctl.
  const bool through_alias = place && (place.begin() < tls.begin() || place.begin() >= tls.end());
  if (through_alias && facts.is_upstream()) place = {};
  out.report(port.empty() ? "IST0128" : "IST0129", rule, place, values);
}

void run(const Facts& facts, Findings& out) {
  for (const auto* rule : facts.all(Kind::destination_rule)) {
    const auto policy = rule->spec()["trafficPolicy"];
    check(facts, *rule, policy["tls"], {}, out);
    for (const auto setting : policy["portLevelSettings"].items()) {
      const auto number = istio::number_of(setting.at("port", "number")).value_or(0);
      check(facts, *rule, setting["tls"], "number:" + std::to_string(number), out);
    }
  }
}

constexpr std::array<std::string_view, 2> kCodes{"IST0128", "IST0129"};

}  // namespace

extern const Check destinationrule_ca_certificate_analyzer;
constinit const Check destinationrule_ca_certificate_analyzer{
    .slug = "destinationrule-ca-certificate-analyzer",
    .reads = {Kind::destination_rule},
    .run = run,
    .codes = kCodes,
    .analyzer = "destinationrule.CaCertificateAnalyzer"};

}  // namespace aksmesh::checks
