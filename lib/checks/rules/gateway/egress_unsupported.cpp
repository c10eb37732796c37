// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "checks/addon_gateways.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  const EgressGateways gateways(facts);
  std::set<std::string_view> deployed;
  for (const auto* one : gateways.objects())
    if (one->kind == Kind::deployment) deployed.insert(one->name_space);
  for (const auto* one : gateways.objects())
    // What stands for a gateway beside its Deployment needs no word of its own.
    if (one->kind == Kind::deployment || !deployed.contains(one->name_space))
      out.add(*one, "{kind} {name} belongs to an egress gateway, which the add-on does not have",
              {{"kind", std::string(one->kind_name)}, {"name", std::string(one->name)}});
}

}  // namespace

extern const Check egress_unsupported;
constinit const Check egress_unsupported{.slug = "egress-unsupported",
                                         .reads = kEgressGatewayKinds,
                                         .run = run,
                                         .concerns = has_egress_gateways};

}  // namespace aksmesh::checks
