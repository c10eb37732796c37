// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/edit_distance.hpp"
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

// Those that istiod makes by itself.
constexpr std::array<std::string_view, 3> kOwnClasses{kGatewayClass, kWaypointGatewayClass,
                                                      "istio-remote"};

/// True when no controller takes Gateways of the class, as far as the input is sure of it.
bool is_unknown(const Facts& facts, std::string_view name) {
  if (std::find(kOwnClasses.begin(), kOwnClasses.end(), name) != kOwnClasses.end() ||
      name == kAppRoutingGatewayClass || facts.find(Kind::gateway_class, {}, name) != nullptr)
    return false;
  if (!facts.all(Kind::gateway_class).empty()) return true;
  // Classes are seldom kept with Gateways; but this one is likely meant.
  return !suggestions(name, {std::string(kGatewayClass)}).empty();
}

void run(const Facts& facts, Findings& out) {
  for (const auto* gateway : facts.all(Kind::kube_gateway)) {
    const auto name = gateway->spec()["gatewayClassName"];
    if (!name.text().empty() && is_unknown(facts, name.text()))
      out.add(
          *gateway, name,
          "nothing serves Gateway {name}: there is no GatewayClass {class}; that of the mesh is "
          "istio",
          {{"name", std::string(gateway->name)}, {"class", std::string(name.text())}});
  }
}

}  // namespace

extern const Check gateway_class_unknown;
constinit const Check gateway_class_unknown{.slug = "gateway-class-unknown",
                                            .reads = {Kind::kube_gateway, Kind::gateway_class},
                                            .run = run};

}  // namespace aksmesh::checks
