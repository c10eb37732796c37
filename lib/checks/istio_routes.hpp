// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "checks/check.hpp"
#include "checks/host_set.hpp"

// What rules ask of VirtualServices and ServiceEntries.
namespace aksmesh::checks {

/// True when the VirtualService steers traffic of sidecars, and not of gateways alone.
bool steers_sidecars(const Object& virtual_service);

/// Visits the host of every destination of a VirtualService.
template <class Visit>
void visit_destinations(const Object& virtual_service, Visit visit) {
  for (const std::string_view protocol : {"http", "tls", "tcp"})
    for (const auto rule : virtual_service.spec()[protocol].items())
      for (const auto route : rule["route"].items()) visit(route.at("destination", "host").text());
}

/// `name.namespace` of the Service that a host means in an object of a namespace, should there be
/// one.
std::string service_of_host(std::string_view host, std::string_view own_namespace);

/// Where the hosts of a ServiceEntry are; outside the mesh unless it says otherwise.
enum class Location { external, internal };
Location location_of(const Object& service_entry);
/// The hosts of all ServiceEntries of that location; reads ServiceEntry.
HostSet service_entry_hosts(const Facts& facts, Location location);

}  // namespace aksmesh::checks
