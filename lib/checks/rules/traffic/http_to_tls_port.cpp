// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "checks/http_backends.hpp"

namespace aksmesh::checks {
namespace {

bool begins_tls(const Node& policy) {
  const auto begins = [](const Node& settings) {
    const auto mode = settings.at("tls", "mode").text();
    return mode == "SIMPLE" || mode == "MUTUAL";
  };
  if (begins(policy)) return true;
  const auto ports = policy["portLevelSettings"].items();
  return std::any_of(ports.begin(), ports.end(), begins);
}

bool begins_tls(const Object& rule) {
  const auto spec = rule.spec();
  if (begins_tls(spec["trafficPolicy"])) return true;
  const auto subsets = spec["subsets"].items();
  return std::any_of(subsets.begin(), subsets.end(),
                     [](const Node& subset) { return begins_tls(subset["trafficPolicy"]); });
}

bool begins_tls(const std::vector<const mesh::HostRules*>& groups) {
  for (const auto* group : groups)
    for (const auto* rule : group->rules)
      if (begins_tls(*rule)) return true;
  return false;
}

void run(const Facts& facts, Findings& out) {
  const mesh::DestinationRules rules(facts.all(Kind::destination_rule));
  visit_virtual_service_backends(facts, [&](const Backend& backend) {
    if (!istio::is_tls(backend.protocol()) || begins_tls(rules.covering(backend_host(backend))))
      return;
    const auto& server = *backend.host->object;
    if (!facts.covers(Kind::destination_rule, server.name_space) &&
        !facts.covers(Kind::destination_rule, backend.route->name_space))
      return out.unknown(*backend.route, backend.text() +
                                             " wants TLS, and the input holds no DestinationRules "
                                             "that could begin it");
    out.add(
        *backend.route, backend.place,
        "{backend} is declared for TLS and gets plain HTTP: no DestinationRule begins TLS there",
        {{"backend", backend.text()}});
  });
}

}  // namespace

extern const Check http_to_tls_port;
constinit const Check http_to_tls_port{
    .slug = "http-to-tls-port",
    .reads = kHostKinds | KindSet{Kind::virtual_service, Kind::destination_rule},
    .run = run};

}  // namespace aksmesh::checks
