// SPDX-License-Identifier: Apache-2.0
#include "checks/addon_gateways.hpp"

namespace aksmesh::checks {

EgressGateways::EgressGateways(const Facts& facts) {
  for (const auto* service : facts.all(Kind::service))
    if (service->label(kComponentLabel).text() == kEgressComponent) add(*service);
  for (const auto* deployment : facts.all(Kind::deployment)) {
    const auto pod_labels = deployment->spec().at("template", "metadata", "labels");
    if (deployment->label(kComponentLabel).text() == kEgressComponent ||
        pod_labels[kComponentLabel].text() == kEgressComponent)
      add(*deployment);
  }
}

const std::string_view* EgressGateways::name_space_of(std::string_view istio_label) const {
  const auto at = by_istio_label_.find(istio_label);
  return at == by_istio_label_.end() ? nullptr : &at->second;
}

void EgressGateways::add(const Object& object) {
  objects_.push_back(&object);
  add_labels(object, object.metadata()["labels"]);
  add_labels(object, object.spec().at("template", "metadata", "labels"));
}

void EgressGateways::add_labels(const Object& object, const Node& labels) {
  const auto istio = labels["istio"].text();
  if (!istio.empty()) by_istio_label_.try_emplace(istio, object.name_space);
  const auto app = labels["app"].text();
  if (!app.empty()) apps_.insert(app);
}

bool has_egress_gateways(const Facts& facts) {
  return !EgressGateways(facts).empty();
}

bool looks_like_egress(const Object& gateway, const HostSet& external) {
  if (gateway.name_space == kEgressNamespace) return true;
  for (const auto server : gateway.spec()["servers"].items())
    for (const auto item : server["hosts"].items()) {
      const auto host = item.text();
      if (external.contains(host.substr(host.find('/') + 1))) return true;
    }
  return false;
}

}  // namespace aksmesh::checks
