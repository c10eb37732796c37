// SPDX-License-Identifier: Apache-2.0
#include "checks/addon_gateways.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  for (const auto* service : facts.all(Kind::service)) {
    if (!is_ingress_service(*service)) continue;
    const auto policy = service->spec()["externalTrafficPolicy"];
    if (policy.text() != "Local") continue;
    out.add(*service, policy,
            "Service {name} keeps client addresses and may spread load unevenly over its pods",
            {{"name", std::string(service->name)}});
  }
}

}  // namespace

extern const Check ingress_etp_local;
constinit const Check ingress_etp_local{
    .slug = "ingress-etp-local", .reads = {Kind::service}, .run = run};

}  // namespace aksmesh::checks
