// SPDX-License-Identifier: Apache-2.0
#include "checks/installed_shared_configs.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kIstioController = "istio.io/ingress-controller";
constexpr std::string_view kIstioClass = "istio";
constexpr std::string_view kClassAnnotation = "kubernetes.io/ingress.class";

/// Whether the shared mesh configuration tells Istio which gateway serves Ingress objects.
enum class IngressGateway { told, missing, unreadable, no_config_map };

Node class_of(const Object& ingress) {
  const auto name = ingress.spec()["ingressClassName"];
  return name ? name : ingress.annotation(kClassAnnotation);
}

bool is_istio_class(const Facts& facts, std::string_view name) {
  if (name.empty()) return false;
  const auto* ingress_class = facts.find(Kind::ingress_class, {}, name);
  if (ingress_class == nullptr) return name == kIstioClass;
  return ingress_class->spec()["controller"].text() == kIstioController;
}

bool has_text(const Node& root, std::string_view name, std::string_view proto_name) {
  return !root[name].text().empty() || !root[proto_name].text().empty();
}

IngressGateway find_ingress_gateway(const Facts& facts) {
  auto state = IngressGateway::no_config_map;
  for (const auto* config : installed_shared_configs(facts)) {
    if (is_broken(*config)) {
      state = IngressGateway::unreadable;
      continue;
    }
    if (!has_text(config->root, "ingressService", "ingress_service") ||
        !has_text(config->root, "ingressSelector", "ingress_selector"))
      return IngressGateway::missing;
    if (state == IngressGateway::no_config_map) state = IngressGateway::told;
  }
  return state;
}

void run(const Facts& facts, Findings& out) {
  const auto& ingresses = facts.all(Kind::ingress);
  if (ingresses.empty()) return;
  const auto state = find_ingress_gateway(facts);
  const bool complete = facts.covers(Kind::config_map, kSystemNamespace);
  for (const auto* ingress : ingresses) {
    const auto name = class_of(*ingress);
    if (state == IngressGateway::told || !is_istio_class(facts, name.text())) continue;
    if (state == IngressGateway::unreadable)
      out.unknown(
          *ingress,
          "a shared ConfigMap of the mesh is not valid YAML; whether it sets ingressService and "
          "ingressSelector cannot be read");
    else if (state == IngressGateway::no_config_map && !complete)
      out.unknown(
          *ingress,
          "the input holds no ConfigMaps of aks-istio-system; the shared ConfigMap tells whether "
          "ingressService and ingressSelector are set");
    else
      out.add(
          *ingress, name,
          "Ingress {name} serves nothing: the shared mesh configuration lacks ingressService or "
          "ingressSelector",
          {{"name", std::string(ingress->name)}, {"class", std::string(name.text())}});
  }
}

}  // namespace

extern const Check kubernetes_ingress_class;
constinit const Check kubernetes_ingress_class{
    .slug = "kubernetes-ingress-class",
    .reads = kInstalledConfigKinds | KindSet{Kind::ingress, Kind::ingress_class},
    .run = run};

}  // namespace aksmesh::checks
