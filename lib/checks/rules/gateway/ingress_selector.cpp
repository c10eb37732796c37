// SPDX-License-Identifier: Apache-2.0
#include <unordered_set>

#include "checks/addon_gateways.hpp"
#include "checks/istio_routes.hpp"
#include "mesh/label_index.hpp"

namespace aksmesh::checks {
namespace {

// The labels of the gateway that Istio's own charts install.
constexpr std::string_view kUpstreamGatewayLabel = "ingressgateway";
constexpr std::string_view kUpstreamGatewayApp = "istio-ingressgateway";

using Names = std::unordered_set<std::string_view>;

/// What the input tells of pods and hosts, as far as selectors of gateways care.
struct Surroundings {
  explicit Surroundings(const Facts& facts);
  void see_ingress(std::string_view label);
  /// The one ingress gateway of the add-on that the input shows; empty when none or both are seen.
  [[nodiscard]] std::string_view only_ingress() const {
    return ingress.size() == 1 ? *ingress.begin() : std::string_view{};
  }

  EgressGateways egress;
  Names ingress;                 ///< ingress gateways of the add-on that the input shows
  mesh::LabelIndex meshed_pods;  ///< labels of workloads that the add-on gives sidecars to
  mesh::LabelIndex carried;      ///< labels of any workload, and those that Services select
  Names with_workloads;          ///< namespaces
  HostSet external;              ///< hosts of services outside the mesh
};

Surroundings::Surroundings(const Facts& facts)
    : egress(facts), external(service_entry_hosts(facts, Location::external)) {
  for (const auto& workload : facts.workloads()) {
    const auto name_space = workload.object->name_space;
    with_workloads.insert(name_space);
    if (name_space == kUpstreamNamespace) continue;
    const auto labels = workload.template_metadata["labels"];
    see_ingress(labels["istio"].text());
    carried.add(workload.object, mesh::labels_of(labels));
    if (facts.meshed(name_space) == Meshed::yes)
      meshed_pods.add(workload.object, mesh::labels_of(labels));
  }
  for (const auto* service : facts.all(Kind::service))
    if (service->name_space != kUpstreamNamespace)
      carried.add(service, mesh::labels_of(service->spec()["selector"]));
  for (const auto* service : facts.all(Kind::service))
    if (is_ingress_service(*service)) see_ingress(service->name);
  for (const auto* gateway : facts.all(Kind::istio_gateway))
    see_ingress(selected_gateway(*gateway).text());
}

void Surroundings::see_ingress(std::string_view label) {
  if (is_ingress_gateway(label)) ingress.insert(label);
}

/// Selects the add-on's gateway instead of that of Istio's charts, if no other label stands in the
/// way; nothing where the input does not tell which gateway is meant.
void offer_addon_gateway(const Object& gateway, std::string_view instead, Findings& out) {
  const auto selector = gateway.spec()["selector"];
  const auto selected = selector["istio"];
  const auto app = selector["app"];
  if (instead.empty() || selected.text() != kUpstreamGatewayLabel) return;
  if (selector.size() == 1)
    out.offer_fix(gateway, selected, {data::replace_scalar(selected, instead)});
  else if (selector.size() == 2 && app.text() == kUpstreamGatewayApp)
    out.offer_fix(gateway, selected,
                  {data::replace_scalar(selected, instead), data::replace_scalar(app, instead)});
}

/// The pods of the add-on's ingress gateways carry `app` with the value of `istio`.
void check_app_label(const Object& gateway, const Surroundings& around, Findings& out) {
  const auto selector = gateway.spec()["selector"];
  const auto app = selector["app"];
  const auto selected = selector["istio"].text();
  if (!app || app.text() == selected || around.carried.any_matches(mesh::labels_of(selector)))
    return;
  out.add(gateway, app,
          "Gateway {name} configures nothing: the pods of {gateway} do not carry the label app: "
          "{value}",
          {{"name", std::string(gateway.name)},
           {"gateway", std::string(selected)},
           {"value", std::string(app.text())}});
  if (app.text() == kUpstreamGatewayApp)
    out.offer_fix(gateway, app, {data::replace_scalar(app, selected)});
}

void check_istio_label(const Object& gateway, const Surroundings& around, Findings& out) {
  const auto selected = selected_gateway(gateway);
  if (is_ingress_gateway(selected.text())) return check_app_label(gateway, around, out);
  if (around.egress.name_space_of(selected.text()) != nullptr ||
      around.meshed_pods.any_matches(mesh::labels_of(gateway.spec()["selector"])))
    return;
  if (around.egress.empty() && looks_like_egress(gateway, around.external)) {
    out.unknown(gateway,
                "the Gateway looks like one for egress, and the input holds no egress gateway of "
                "the add-on; its Service would tell");
    return;
  }
  out.add(gateway, selected,
          "Gateway {name} configures nothing: no gateway of the add-on carries the label istio: "
          "{value}",
          {{"name", std::string(gateway.name)}, {"value", std::string(selected.text())}});
  offer_addon_gateway(gateway, around.only_ingress(), out);
}

void check_other_labels(const Object& gateway, const Surroundings& around, Findings& out) {
  const auto selector = gateway.spec()["selector"];
  const auto app = selector["app"].text();
  if (is_ingress_gateway(app) || around.egress.has_app(app) ||
      around.carried.any_matches(mesh::labels_of(selector)))
    return;
  if (around.with_workloads.contains(gateway.name_space))
    out.add(gateway, selector,
            "Gateway {name} configures nothing: no gateway of the add-on and no workload of the "
            "input carries "
            "its labels",
            {{"name", std::string(gateway.name)}});
  else
    out.unknown(gateway,
                "no workload of the input carries the labels of the selector, and the input holds "
                "no workloads "
                "of this namespace");
}

void run(const Facts& facts, Findings& out) {
  const auto& gateways = facts.all(Kind::istio_gateway);
  if (gateways.empty()) return;
  const Surroundings around(facts);
  for (const auto* gateway : gateways) {
    if (gateway->spec()["selector"].size() == 0) continue;
    if (selected_gateway(*gateway))
      check_istio_label(*gateway, around, out);
    else
      check_other_labels(*gateway, around, out);
  }
}

}  // namespace

extern const Check ingress_selector;
constinit const Check ingress_selector{
    .slug = "ingress-selector",
    .reads = kPodKinds | kEgressGatewayKinds |
             KindSet{Kind::istio_gateway, Kind::name_space, Kind::service_entry},
    .run = run};

}  // namespace aksmesh::checks
