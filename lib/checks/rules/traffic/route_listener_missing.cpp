// SPDX-License-Identifier: Apache-2.0
#include "checks/route_parents.hpp"

namespace aksmesh::checks {
namespace {

std::string wanted(const mesh::Reference& parent) {
  std::string text;
  if (!parent.section.empty()) text = "named " + std::string(parent.section);
  if (parent.port) {
    if (!text.empty()) text += ' ';
    text += "on port " + std::to_string(*parent.port);
  }
  return text;
}

void run(const Facts& facts, Findings& out) {
  visit_attachments(facts, [&](const Object& route, const mesh::Reference& parent,
                               const Object& gateway, mesh::Attachment attachment) {
    if (attachment != mesh::Attachment::no_listener || wanted(parent).empty()) return;
    out.add(route, part_of(parent, parent.section.empty() ? "port" : "sectionName"),
            "Gateway {gateway} has no listener {listener}",
            {{"gateway", full_name(gateway)}, {"listener", wanted(parent)}});
  });
}

}  // namespace

extern const Check route_listener_missing;
constinit const Check route_listener_missing{
    .slug = "route-listener-missing",
    .reads = kRouteKinds | KindSet{Kind::kube_gateway, Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
