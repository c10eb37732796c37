// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/strings.hpp"
#include "checks/http_backends.hpp"
#include "mesh/virtual_service.hpp"

namespace aksmesh::checks {
namespace {

bool upgrades(const Node& settings) {
  const auto http = settings.at("connectionPool", "http");
  return http["h2UpgradePolicy"].text() == "UPGRADE" || http["useClientProtocol"].as_bool() == true;
}

bool upgrades_policy(const Node& policy) {
  const auto ports = policy["portLevelSettings"].items();
  return upgrades(policy) || std::any_of(ports.begin(), ports.end(), upgrades);
}

bool upgrades(const mesh::DestinationRules& rules, const std::string& host) {
  for (const auto* group : rules.covering(host))
    for (const auto* rule : group->rules) {
      if (upgrades_policy(rule->spec()["trafficPolicy"])) return true;
      for (const auto subset : rule->spec()["subsets"].items())
        if (upgrades_policy(subset["trafficPolicy"])) return true;
    }
  return false;
}

bool asks_for_grpc(const Node& match) {
  for (const auto [name, value] : match["headers"].entries()) {
    if (to_lower(name.text()) != "content-type") continue;
    for (const std::string_view how : {"exact", "prefix"})
      if (value[how].text().starts_with("application/grpc") &&
          !value[how].text().starts_with("application/grpc-web"))
        return true;
  }
  return false;
}

/// True when every request of the rule is one of gRPC, as the rule or its gateways say.
bool carries_grpc(const Facts& facts, const Object& service, const Node& rule) {
  const auto matches = rule["match"].items();
  if (rule["match"].size() > 0 && std::all_of(matches.begin(), matches.end(), asks_for_grpc))
    return true;
  for (const auto named : service.spec()["gateways"].items()) {
    const auto name = mesh::gateway_name(named.text(), service.name_space);
    const auto slash = name.find('/');
    const auto* gateway = facts.find(Kind::istio_gateway, std::string_view(name).substr(0, slash),
                                     std::string_view(name).substr(slash + 1));
    if (gateway == nullptr) return false;
    const auto servers = gateway->spec()["servers"];
    const auto items = servers.items();
    if (servers.size() == 0 || !std::all_of(items.begin(), items.end(), [](const Node& server) {
          return to_lower(server.at("port", "protocol").text()) == "grpc";
        }))
      return false;
  }
  return true;
}

void check_backend(const Facts& facts, const mesh::DestinationRules& rules, const Backend& backend,
                   Findings& out) {
  if (istio::is_http2(backend.protocol()) || facts.settings().h2_upgrade ||
      upgrades(rules, backend_host(backend)))
    return;
  out.add(*backend.route, backend.place,
          "gRPC calls to {backend} fail: the port declares no protocol over HTTP/2, so that the "
          "gateway speaks HTTP/1.1 to it",
          {{"backend", backend.text()}});
}

void run(const Facts& facts, Findings& out) {
  const mesh::DestinationRules rules(facts.all(Kind::destination_rule));
  visit_route_backends(facts, Kind::grpc_route,
                       [&](const Backend& backend) { check_backend(facts, rules, backend, out); });
  visit_virtual_service_backends(facts, [&](const Backend& backend) {
    // Sidecars go on with the protocol of the caller where the port declares none.
    if (!mesh::serves_sidecars(*backend.route) && carries_grpc(facts, *backend.route, backend.rule))
      check_backend(facts, rules, backend, out);
  });
}

}  // namespace

extern const Check grpc_backend_not_http2;
constinit const Check grpc_backend_not_http2{
    .slug = "grpc-backend-not-http2",
    .reads = kHostKinds | kMeshConfigKinds |
             KindSet{Kind::virtual_service, Kind::istio_gateway, Kind::grpc_route,
                     Kind::destination_rule},
    .run = run};

}  // namespace aksmesh::checks
