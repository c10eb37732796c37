// SPDX-License-Identifier: Apache-2.0
#include "checks/istio_routes.hpp"

#include "istio/host.hpp"

namespace aksmesh::checks {

bool steers_sidecars(const Object& virtual_service) {
  const auto gateways = virtual_service.spec()["gateways"];
  for (const auto gateway : gateways.items())
    if (gateway.text() == "mesh") return true;
  return gateways.size() == 0;
}

std::string service_of_host(std::string_view host, std::string_view own_namespace) {
  for (const std::string_view suffix : {istio::kServiceSuffix, std::string_view(".svc")})
    if (host.ends_with(suffix)) {
      host.remove_suffix(suffix.size());
      break;
    }
  std::string service(host);
  if (host.find('.') == std::string_view::npos) service.append(1, '.').append(own_namespace);
  return service;
}

Location location_of(const Object& service_entry) {
  return service_entry.spec()["location"].text() == "MESH_INTERNAL" ? Location::internal
                                                                    : Location::external;
}

HostSet service_entry_hosts(const Facts& facts, Location location) {
  HostSet hosts;
  for (const auto* entry : facts.all(Kind::service_entry))
    if (location_of(*entry) == location)
      for (const auto host : entry->spec()["hosts"].items()) hosts.add(host.text());
  return hosts;
}

}  // namespace aksmesh::checks
