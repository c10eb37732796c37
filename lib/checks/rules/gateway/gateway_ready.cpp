// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "checks/addon_gateways.hpp"
#include "checks/replicas.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kDown = "AKM5009";
constexpr std::string_view kDegraded = "AKM5010";
constexpr std::string_view kNoAddress = "AKM5011";
constexpr std::array kCodes{kDown, kDegraded, kNoAddress};

bool is_gateway(const Object& deployment) {
  return (deployment.name_space == kIngressNamespace &&
          deployment.name.starts_with(kIngressGatewayPrefix)) ||
         deployment.label(kComponentLabel).text() == kEgressComponent;
}

void run(const Facts& facts, Findings& out) {
  for (const auto* one : facts.as_read(Kind::deployment))
    if (is_gateway(*one)) report_readiness(*one, kDown, kDegraded, out);
  for (const auto* service : facts.as_read(Kind::service)) {
    // A manifest has no status, and no address yet.
    if (!is_ingress_service(*service) || !service->status()) continue;
    const auto addresses = service->status().at("loadBalancer", "ingress");
    if (addresses.size() == 0)
      out.report(kNoAddress, *service, service->status(), {std::string(service->name)});
  }
}

bool has_gateways(const Facts& facts) {
  return facts.holds(Kind::deployment, is_gateway) ||
         facts.holds(Kind::service, is_ingress_service);
}

}  // namespace

extern const Check gateway_ready;
constinit const Check gateway_ready{.slug = "gateway-ready",
                                    .reads = {Kind::deployment, Kind::service},
                                    .run = run,
                                    .codes = kCodes,
                                    .concerns = has_gateways};

}  // namespace aksmesh::checks
