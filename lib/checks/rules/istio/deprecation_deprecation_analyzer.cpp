// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kRemovedGroup = "rbac.istio.io";
constexpr std::array<std::string_view, 4> kRemovedKinds{"ClusterRbacConfig", "RbacConfig",
                                                        "ServiceRole", "ServiceRoleBinding"};

void check_delays(const Object& service, Findings& out) {
  for (const auto route : service.spec()["http"].items()) {
    const auto percent = route.at("fault", "delay", "percent");
    if (percent.as_int().value_or(0) <= 0) continue;
    out.report("IST0002", service, percent,
               {"HTTPRoute.fault.delay.percent is deprecated; use "
                "HTTPRoute.fault.delay.percentage"});
    if (!route.at("fault", "delay", "percentage"))
      out.offer_fix(service, percent, {data::wrap_value(percent, "percentage", "value")});
  }
}

void check_definition(const Object& definition, Findings& out) {
  const auto kind = definition.spec().at("names", "kind");
  if (definition.spec()["group"].text() == kRemovedGroup &&
      std::find(kRemovedKinds.begin(), kRemovedKinds.end(), kind.text()) != kRemovedKinds.end())
    out.report("IST0002", definition, kind,
               {"Custom resource type rbac.istio.io " + std::string(kind.text()) + " is removed"});
}

void run(const Facts& facts, Findings& out) {
  for (const auto* service : facts.all(Kind::virtual_service)) check_delays(*service, out);
  for (const auto* sidecar : facts.all(Kind::sidecar))
    if (const auto proxy = sidecar->spec().at("outboundTrafficPolicy", "egressProxy");
        proxy && !proxy.is_null())
      out.report("IST0002", *sidecar, proxy, {"OutboundTrafficPolicy.EgressProxy ignored"});
  // istioctl means to tell this too, and its runs over such definitions stay silent.
  if (facts.is_upstream()) return;
  for (const auto* definition : facts.all(Kind::custom_resource_definition))
    check_definition(*definition, out);
}

constexpr std::array<std::string_view, 1> kCodes{"IST0002"};

}  // namespace

extern const Check deprecation_deprecation_analyzer;
constinit const Check deprecation_deprecation_analyzer{
    .slug = "deprecation-deprecation-analyzer",
    .reads = {Kind::virtual_service, Kind::sidecar, Kind::custom_resource_definition},
    .run = run,
    .codes = kCodes,
    .analyzer = "deprecation.DeprecationAnalyzer"};

}  // namespace aksmesh::checks
