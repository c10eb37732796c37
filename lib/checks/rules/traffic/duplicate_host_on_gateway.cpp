// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "checks/check.hpp"
#include "mesh/route_overlap.hpp"
#include "mesh/virtual_service.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  // By Gateway and host.
  std::map<std::pair<std::string, std::string_view>, mesh::JoinedRoutes> joined;
  for (const auto* service : facts.all(Kind::virtual_service)) {
    if (!mesh::is_exported_to(*service, "*")) continue;  // perhaps not to the gateway's namespace
    bool told = false;
    for (const auto named : service->spec()["gateways"].items()) {
      if (named.text() == "mesh") continue;
      const auto gateway = mesh::gateway_name(named.text(), service->name_space);
      for (const auto host : service->spec()["hosts"].items()) {
        const auto clash = joined[{gateway, host.text()}].add(*service);
        if (!clash || told) continue;
        told = true;
        out.add(*service, clash->place,
                "VirtualService {other} routes {requests} of host {host} on Gateway {gateway} too; "
                "the older of the two wins",
                {{"other", full_name(*clash->other)},
                 {"requests", clash->requests},
                 {"host", std::string(host.text())},
                 {"gateway", gateway}});
      }
    }
  }
}

}  // namespace

extern const Check duplicate_host_on_gateway;
constinit const Check duplicate_host_on_gateway{
    .slug = "duplicate-host-on-gateway", .reads = {Kind::virtual_service}, .run = run};

}  // namespace aksmesh::checks
