// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "checks/check.hpp"
#include "istio/host.hpp"
#include "mesh/service_ports.hpp"
#include "mesh/virtual_service.hpp"

namespace aksmesh::checks {
namespace {

using istio::Protocol;

/// A family of routes and the ports for which sidecars use it. Where a port declares no protocol
/// they look at the first bytes, and then at `http` and `tcp` routes.
struct Family {
  std::string_view key;
  std::string_view wanted;
  bool (*uses)(Protocol);
};
constexpr std::array kFamilies{
    Family{"http", "an HTTP protocol",
           [](Protocol protocol) {
             return istio::is_http(protocol) || protocol == Protocol::unsupported;
           }},
    Family{"tls", "https or tls", [](Protocol protocol) { return istio::is_tls(protocol); }},
    Family{"tcp", "a protocol over TCP other than HTTP and TLS", [](Protocol protocol) {
             return !istio::is_http(protocol) && !istio::is_tls(protocol) &&
                    protocol != Protocol::udp;
           }}};

/// The hosts of a VirtualService; empty when one of them cannot be looked up.
std::vector<const mesh::HostEntry*> hosts_of(const Facts& facts, const Object& service) {
  std::vector<const mesh::HostEntry*> out;
  for (const auto host : service.spec()["hosts"].items()) {
    const auto* entry =
        istio::is_wildcard(host.text())
            ? nullptr
            : facts.hosts().resolve(host.text(), service.name_space, service.spec()["exportTo"]);
    if (entry == nullptr || entry->ports.empty()) return {};
    out.push_back(entry);
  }
  return out;
}

void run(const Facts& facts, Findings& out) {
  for (const auto* service : facts.all(Kind::virtual_service)) {
    if (mesh::serves_gateways(*service)) continue;
    const auto hosts = hosts_of(facts, *service);
    for (const auto& family : kFamilies) {
      const auto routes = service->spec()[family.key];
      if (routes.size() == 0 || hosts.empty()) continue;
      const auto has_port = [&](const mesh::HostEntry* host) {
        return std::any_of(host->ports.begin(), host->ports.end(), [&](const mesh::HostPort& port) {
          return family.uses(mesh::port_protocol(*host, port));
        });
      };
      if (std::none_of(hosts.begin(), hosts.end(), has_port))
        out.add(*service, routes,
                "the {family} routes are never used: no port of {hosts} is declared as {wanted}",
                {{"family", std::string(family.key)},
                 {"hosts", list_text(service->spec()["hosts"])},
                 {"wanted", std::string(family.wanted)}});
    }
  }
}

}  // namespace

extern const Check route_protocol_mismatch;
constinit const Check route_protocol_mismatch{.slug = "route-protocol-mismatch",
                                              .reads = kHostKinds | KindSet{Kind::virtual_service},
                                              .run = run};

}  // namespace aksmesh::checks
