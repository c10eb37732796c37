// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/check.hpp"
#include "mesh/destination_rules.hpp"
#include "mesh/gateway_api.hpp"
#include "mesh/service_ports.hpp"

// The ports that HTTP routes lead to.
namespace aksmesh::checks {

/// One destination of an HTTP route and the port that its requests go to.
struct Backend {
  const Object* route = nullptr;  ///< VirtualService, HTTPRoute or GRPCRoute
  Node rule{};                    ///< of a VirtualService, the item of `http`
  Node place{};                   ///< what names the destination
  const mesh::HostEntry* host = nullptr;
  const mesh::HostPort* port = nullptr;
  [[nodiscard]] istio::Protocol protocol() const { return mesh::port_protocol(*host, *port); }
  /// The host as the mesh knows it, and its port.
  [[nodiscard]] std::string text() const;
};

/// Calls `visit(backend)` for each destination of the VirtualServices that is known with its port.
/// Reads VirtualService, Service and ServiceEntry.
template <class Visit>
void visit_virtual_service_backends(const Facts& facts, Visit visit) {
  for (const auto* service : facts.all(Kind::virtual_service))
    for (const auto rule : service->spec()["http"].items())
      for (const auto item : rule["route"].items()) {
        const auto destination = item["destination"];
        const auto* host = facts.hosts().resolve(destination["host"].text(), service->name_space,
                                                 service->spec()["exportTo"]);
        const auto* port = host == nullptr ? nullptr : mesh::destination_port(*host, destination);
        if (port != nullptr) visit(Backend{service, rule, destination["host"], host, port});
      }
}

/// The same for routes of the Gateway API that are bound to a Gateway. Reads the kind, Service and
/// ServiceEntry.
template <class Visit>
void visit_route_backends(const Facts& facts, Kind kind, Visit visit) {
  for (const auto* route : facts.all(kind)) {
    const auto parents = mesh::parent_refs(*route);
    if (std::none_of(parents.begin(), parents.end(),
                     [](const mesh::Reference& parent) { return parent.is_gateway(); }))
      continue;
    for (const auto& reference : mesh::backend_refs(*route)) {
      if (!reference.is_service() || !reference.port) continue;
      const auto* host = facts.hosts().resolve(reference.name, reference.name_space, {});
      if (host == nullptr || !host->is_service()) continue;
      for (const auto& port : host->ports)
        if (port.number == *reference.port)
          visit(Backend{route, {}, reference.node["name"], host, &port});
    }
  }
}

/// The fully qualified host of a Service or, for a ServiceEntry, of what a destination wrote.
std::string backend_host(const Backend& backend);

}  // namespace aksmesh::checks
