// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  for (const auto* one : facts.all(Kind::static_gateway_configuration))
    out.add(*one, one->spec()["gatewayNodepoolName"],
            "{name} still uses node pool {pool}, and stays when the mesh goes",
            {{"name", std::string(one->name)},
             {"pool", std::string(one->spec()["gatewayNodepoolName"].text())}});
}

}  // namespace

extern const Check egress_delete_order;
constinit const Check egress_delete_order{.slug = "egress-delete-order",
                                          .reads = {Kind::static_gateway_configuration},
                                          .run = run,
                                          .runs = Runs::when_asked};

}  // namespace aksmesh::checks
