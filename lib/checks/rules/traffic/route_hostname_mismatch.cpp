// SPDX-License-Identifier: Apache-2.0
#include "checks/route_parents.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  visit_attachments(facts, [&](const Object& route, const mesh::Reference&, const Object& gateway,
                               mesh::Attachment attachment) {
    if (attachment != mesh::Attachment::no_hostname) return;
    const auto hostnames = route.spec()["hostnames"];
    out.add(route, hostnames,
            "no listener of Gateway {gateway} that takes the route is for {hosts}",
            {{"gateway", full_name(gateway)}, {"hosts", list_text(hostnames)}});
  });
}

}  // namespace

extern const Check route_hostname_mismatch;
constinit const Check route_hostname_mismatch{
    .slug = "route-hostname-mismatch",
    .reads = kRouteKinds | KindSet{Kind::kube_gateway, Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
