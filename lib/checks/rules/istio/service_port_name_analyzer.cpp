// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "checks/check.hpp"
#include "istio/protocol.hpp"
#include "mesh/namespaces.hpp"

namespace aksmesh::checks {
namespace {

// Controllers of Istio that make Services themselves: gateways, waypoints, east-west gateways.
constexpr std::array<std::string_view, 3> kControllers{
    "istio.io-gateway-controller", kWaypointController, "istio.io-eastwest-controller"};

bool is_generated(const Object& service) {
  const auto managed = service.label(kManagedLabel).text();
  for (const auto controller : kControllers)
    if (managed == controller) return true;
  return false;
}

void check(const Object& service, Findings& out) {
  const bool external = service.spec()["type"].text() == "ExternalName";
  for (const auto port : service.spec()["ports"].items()) {
    const auto name = port["name"].text();
    const bool named =
        istio::service_port_protocol(port) != istio::Protocol::unsupported && port.is_mapping();
    // Istio tells plain TCP ports of external names apart by what follows the protocol.
    if (named && !(external && name == "tcp")) continue;
    if (external) {
      out.report("IST0150", service, port["port"]);
      continue;
    }
    const auto target = port["targetPort"].text();
    out.report("IST0118", service, port["port"],
               {std::string(name), std::string(port["port"].text()),
                std::string(target.empty() ? "0" : target)});
  }
}

void run(const Facts& facts, Findings& out) {
  for (const auto* service : facts.all(Kind::service))
    if (!mesh::is_control_plane(*service) && !is_generated(*service) &&
        (facts.is_upstream() || !mesh::is_platform_namespace(service->name_space)))
      check(*service, out);
}

constexpr std::array<std::string_view, 2> kCodes{"IST0118", "IST0150"};

}  // namespace

extern const Check service_port_name_analyzer;
constinit const Check service_port_name_analyzer{.slug = "service-port-name-analyzer",
                                                 .reads = {Kind::service},
                                                 .run = run,
                                                 .codes = kCodes,
                                                 .analyzer = "service.PortNameAnalyzer"};

}  // namespace aksmesh::checks
