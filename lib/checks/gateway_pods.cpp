// SPDX-License-Identifier: Apache-2.0
#include "checks/gateway_pods.hpp"

#include "checks/istio_routes.hpp"

namespace aksmesh::checks {

Node first_label(const Node& selector) {
  const auto labels = mesh::labels_of(selector);
  return labels.empty() ? Node{} : selector[labels.front().first];
}

GatewayPods::Surroundings::Surroundings(const Facts& facts)
    : egress(facts), external(service_entry_hosts(facts, Location::external)) {
  for (const auto* service : facts.all(Kind::service))
    services.add(service, mesh::labels_of(service->spec()["selector"]));
}

const mesh::LabelIndex::Item* GatewayPods::first(const Object& gateway,
                                                 const mesh::Labels& selector, Findings& out) {
  const auto* pod = facts_.pods().first_matching(selector);
  if (pod == nullptr) report_missing(gateway, selector, out);
  return pod;
}

void GatewayPods::report_missing(const Object& gateway, const mesh::Labels& selector,
                                 Findings& out) {
  const auto node = gateway.spec()["selector"];
  const auto text = mesh::selector_text(selector);
  if (facts_.is_upstream()) {
    out.report("IST0101", gateway, first_label(node), {"selector", text});
    return;
  }
  if (!around_) around_.emplace(facts_);
  // Such a Service says that there are pods.
  if (around_->services.any_matches(selector)) return;
  const auto chosen = selected_gateway(gateway);
  const bool ingress = is_ingress_gateway(chosen.text());
  const auto name_space = ingress ? kIngressNamespace : gateway.name_space;
  const bool egress =
      !ingress && around_->egress.empty() && looks_like_egress(gateway, around_->external);
  if (facts_.covers_pods(name_space) && !egress)
    out.report("IST0101", gateway, chosen ? chosen : node, {"selector", text});
  else
    out.unknown("IST0101", gateway,
                egress ? "the Gateway looks like one for egress, and the input holds no egress "
                         "gateway of the add-on"
                       : "the input holds no pods of namespace " + std::string(name_space) +
                             "; the Gateway needs some with the labels " + text);
}

}  // namespace aksmesh::checks
