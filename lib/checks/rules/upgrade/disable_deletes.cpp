// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/strings.hpp"
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::array kKinds{Kind::istio_gateway,
                            Kind::virtual_service,
                            Kind::destination_rule,
                            Kind::service_entry,
                            Kind::sidecar,
                            Kind::envoy_filter,
                            Kind::proxy_config,
                            Kind::workload_entry,
                            Kind::workload_group,
                            Kind::authorization_policy,
                            Kind::peer_authentication,
                            Kind::request_authentication,
                            Kind::telemetry,
                            Kind::wasm_plugin};

/// One for each kind: there may be thousands.
void run(const Facts& facts, Findings& out) {
  for (const auto kind : kKinds) {
    const auto& all = facts.all(kind);
    if (all.empty()) continue;
    out.add(*all.front(), "{count} may be deleted with the mesh: this one{others}",
            {{"count", plural(all.size(), kube::kind_name(kind), kube::kind_name(kind))},
             {"others", all.size() == 1 ? "" : " and the others of its kind"}});
  }
}

}  // namespace

extern const Check disable_deletes;
constinit const Check disable_deletes{
    .slug = "disable-deletes",
    .reads = {Kind::istio_gateway, Kind::virtual_service, Kind::destination_rule,
              Kind::service_entry, Kind::sidecar, Kind::envoy_filter, Kind::proxy_config,
              Kind::workload_entry, Kind::workload_group, Kind::authorization_policy,
              Kind::peer_authentication, Kind::request_authentication, Kind::telemetry,
              Kind::wasm_plugin},
    .run = run,
    .runs = Runs::when_asked};

}  // namespace aksmesh::checks
