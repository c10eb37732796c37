// SPDX-License-Identifier: Apache-2.0
#include "checks/route_parents.hpp"

namespace aksmesh::checks {
namespace {

using mesh::Attachment;

void run(const Facts& facts, Findings& out) {
  visit_attachments(facts, [&](const Object& route, const mesh::Reference& parent,
                               const Object& gateway, Attachment attachment) {
    if (attachment == Attachment::undecided)
      return out.unknown(route, "Gateway " + full_name(gateway) +
                                    " chooses routes by labels of their Namespace, and " +
                                    std::string(route.name_space) + " is not in the input");
    const bool by_kind = attachment == Attachment::wrong_kind;
    if (!by_kind && attachment != Attachment::wrong_namespace) return;
    out.add(route, part_of(parent, "name"), "Gateway {gateway} takes no {what}",
            {{"gateway", full_name(gateway)},
             {"what", by_kind ? std::string(route.kind_name) + " there"
                              : "routes of namespace " + std::string(route.name_space)}});
  });
}

}  // namespace

extern const Check route_not_allowed;
constinit const Check route_not_allowed{
    .slug = "route-not-allowed",
    .reads = kRouteKinds | KindSet{Kind::kube_gateway, Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
