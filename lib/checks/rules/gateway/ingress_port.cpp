// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <unordered_set>

#include "checks/addon_gateways.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kStatusPort = "status-port";

struct GatewayPorts {
  std::unordered_set<std::string_view> service;
  std::unordered_set<std::string_view>
      traffic;  ///< without the port that only answers health probes
};

GatewayPorts gateway_ports() {
  GatewayPorts ports;
  for (const auto port :
       mesh::table("ingress-annotations.json").at("ingressGatewayService", "ports").items()) {
    ports.service.insert(port["port"].text());
    if (port["name"].text() != kStatusPort) ports.traffic.insert(port["port"].text());
  }
  return ports;
}

void check_service(const Object& service, const GatewayPorts& ports, Findings& out) {
  for (const auto port : service.spec()["ports"].items()) {
    const auto number = port["port"];
    const auto protocol = port["protocol"];
    if (number && !ports.service.contains(number.text()))
      out.add(
          service, number,
          "Service {name} has port {port}, which the ingress gateways of the add-on do not offer",
          {{"name", std::string(service.name)}, {"port", std::string(number.text())}});
    else if (protocol && protocol.text() != "TCP")
      out.add(service, protocol,
              "Service {name} has a port of protocol {protocol}, and the add-on's gateways serve "
              "TCP only",
              {{"name", std::string(service.name)}, {"protocol", std::string(protocol.text())}});
  }
}

void check_gateway(const Object& gateway, const GatewayPorts& ports, Findings& out) {
  for (const auto server : gateway.spec()["servers"].items()) {
    const auto number = server.at("port", "number");
    if (!number || ports.traffic.contains(number.text())) continue;
    out.add(gateway, number,
            "Gateway {name} listens on port {port}, which {gateway} does not pass on",
            {{"name", std::string(gateway.name)},
             {"port", std::string(number.text())},
             {"gateway", std::string(selected_gateway(gateway).text())}});
  }
}

void run(const Facts& facts, Findings& out) {
  const auto ports = gateway_ports();
  for (const auto* service : facts.all(Kind::service))
    if (is_ingress_service(*service)) check_service(*service, ports, out);
  for (const auto* gateway : facts.all(Kind::istio_gateway))
    if (is_ingress_gateway(selected_gateway(*gateway).text())) check_gateway(*gateway, ports, out);
}

}  // namespace

extern const Check ingress_port;
constinit const Check ingress_port{
    .slug = "ingress-port", .reads = {Kind::service, Kind::istio_gateway}, .run = run};

}  // namespace aksmesh::checks
