// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <unordered_map>

#include "checks/check.hpp"
#include "checks/name_list.hpp"
#include "istio/number.hpp"
#include "mesh/label_index.hpp"

namespace aksmesh::checks {
namespace {

using mesh::LabelIndex;
using Keys = std::set<std::string>;

/// True for servers that end the client's TLS with a certificate of their own.
bool serves_certificate(const Node& tls) {
  const auto mode = tls["mode"].text();
  return mode != "PASSTHROUGH" && mode != "AUTO_PASSTHROUGH" && mode != "ISTIO_MUTUAL";
}

/// What tells that two servers have one certificate; empty without one.
std::string certificate_key(const Node& tls) {
  if (const auto name = tls["credentialName"].text(); !name.empty())
    return "credential\n" + std::string(name);
  const auto certificate = tls["serverCertificate"].text();
  const auto key = tls["privateKey"].text();
  if (certificate.empty() || key.empty()) return {};
  return "files\n" + std::string(certificate) + '\n' + std::string(key);
}

Keys certificate_keys(const Facts& facts, const Object& gateway) {
  Keys keys;
  for (const auto server : gateway.spec()["servers"].items()) {
    auto key = certificate_key(server["tls"]);
    if (key.empty()) continue;
    if (!facts.is_upstream()) {
      if (!serves_certificate(server["tls"])) continue;
      // Clients reuse a connection only for the same port.
      const auto port = istio::number_of(server.at("port", "number")).value_or(0);
      key += '\n' + std::to_string(port);
    }
    keys.insert(std::move(key));
  }
  return keys;
}

void report(const Facts& facts, const Object& gateway, const std::set<std::string>& others,
            Findings& out) {
  if (others.empty()) return;
  const auto place = gateway.metadata()["name"];
  if (facts.is_upstream()) {
    for (const auto& other : others)
      out.report("IST0138", gateway, place, {list_text({full_name(gateway), other})});
    return;
  }
  std::vector<std::string> names{full_name(gateway)};
  names.insert(names.end(), others.begin(), others.end());
  out.report("IST0138", gateway, place, {list_text(names)});
}

void run(const Facts& facts, Findings& out) {
  const auto& gateways = facts.all(Kind::istio_gateway);
  std::unordered_map<std::string, LabelIndex> sharing;  // gateways by certificate and selector
  std::vector<Keys> keys;
  for (const auto* gateway : gateways) {
    keys.push_back(certificate_keys(facts, *gateway));
    for (const auto& key : keys.back())
      sharing[key].add(gateway, mesh::labels_of(gateway->spec()["selector"]));
  }
  for (std::size_t i = 0; i < gateways.size(); ++i) {
    const auto selector = mesh::labels_of(gateways[i]->spec()["selector"]);
    std::set<std::string> others;
    for (const auto& key : keys[i])
      sharing[key].visit_matching(selector, [&](const LabelIndex::Item& other) {
        if (other.object != gateways[i]) others.insert(full_name(*other.object));
        return others.size() < kMostNames;
      });
    report(facts, *gateways[i], others, out);
  }
}

constexpr std::array<std::string_view, 1> kCodes{"IST0138"};

}  // namespace

extern const Check gateway_certificate_analyzer;
constinit const Check gateway_certificate_analyzer{.slug = "gateway-certificate-analyzer",
                                                   .reads = {Kind::istio_gateway},
                                                   .run = run,
                                                   .codes = kCodes,
                                                   .analyzer = "gateway.CertificateAnalyzer"};

}  // namespace aksmesh::checks
