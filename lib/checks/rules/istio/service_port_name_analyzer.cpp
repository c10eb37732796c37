// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "checks/check.hpp"
#include "istio/protocol.hpp"
#include "mesh/namespaces.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kManagedLabel = "gateway.istio.io/managed";
constexpr std::array<std::string_view, 3> kGatewayControllers{
    "istio.io-gateway-controller", "istio.io-mesh-controller", "istio.io-eastwest-controller"};

/// Services whose ports no user names.
bool is_managed(const Facts& facts, const Object& service) {
  const auto manager = service.label(kManagedLabel).text();
  return mesh::is_control_plane(service) ||
         std::find(kGatewayControllers.begin(), kGatewayControllers.end(), manager) !=
             kGatewayControllers.end() ||
         (!facts.is_upstream() && mesh::is_platform_namespace(service.name_space));
}

void check_port(const Object& service, const Node& port, Findings& out) {
  const bool external = service.spec()["type"].text() == "ExternalName";
  const auto name = port["name"].text();
  const bool unsupported = istio::service_port_protocol(port) == istio::Protocol::unsupported;
  if (!unsupported && !(external && name == "tcp")) return;
  const auto place = port["port"] ? port["port"] : port;
  if (external) return out.report("IST0150", service, place);
  const auto target = port["targetPort"].text();
  out.report("IST0118", service, place,
             {std::string(name), std::string(port["port"].text()),
              target.empty() ? "0" : std::string(target)});
}

void run(const Facts& facts, Findings& out) {
  for (const auto* service : facts.all(Kind::service))
    if (!is_managed(facts, *service))
      for (const auto port : service->spec()["ports"].items()) check_port(*service, port, out);
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
