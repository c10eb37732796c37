// SPDX-License-Identifier: Apache-2.0
#include "checks/route_parents.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  visit_parents(
      facts, [&](const Object& route, const mesh::Reference& parent, const Object* gateway) {
        if (gateway != nullptr) return;
        const auto name = full_name(parent.name_space, parent.name);
        if (facts.covers(Kind::kube_gateway, parent.name_space))
          out.add(route, part_of(parent, "name"), "there is no Gateway {gateway} to attach to",
                  {{"gateway", name}});
        else
          out.unknown(route, "the input holds no Gateways of the Gateway API in namespace " +
                                 std::string(parent.name_space) + "; " + name + " must be there");
      });
}

}  // namespace

extern const Check route_parent_missing;
constinit const Check route_parent_missing{
    .slug = "route-parent-missing", .reads = kRouteKinds | KindSet{Kind::kube_gateway}, .run = run};

}  // namespace aksmesh::checks
