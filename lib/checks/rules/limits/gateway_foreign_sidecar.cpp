// SPDX-License-Identifier: Apache-2.0
#include "checks/addon_gateways.hpp"

namespace aksmesh::checks {
namespace {

bool is_gateway_pod(const Facts& facts, const Object& pod) {
  const auto name = pod.label(kGatewayNameLabel).text();
  if (name.empty())
    return pod.name_space == kIngressNamespace && is_ingress_gateway(pod.label("istio").text());
  const auto* gateway = facts.find(Kind::kube_gateway, pod.name_space, name);
  return gateway == nullptr || gateway->spec()["gatewayClassName"].text() == kGatewayClass;
}

bool has_proxy(const Node& containers) {
  for (const auto container : containers.items())
    if (container["name"].text() == kProxyContainer) return true;
  return false;
}

void report(const Object& pod, const Node& container, Findings& out) {
  out.add(pod, container,
          "container {container} runs beside the proxy in gateway pod {name}, where support is "
          "best effort only",
          {{"container", std::string(container["name"].text())}, {"name", std::string(pod.name)}});
}

void run(const Facts& facts, Findings& out) {
  for (const auto* pod : facts.all(Kind::pod)) {
    const auto containers = pod->spec()["containers"];
    const auto init_containers = pod->spec()["initContainers"];
    if (!has_proxy(containers) && !has_proxy(init_containers)) continue;
    if (!is_gateway_pod(facts, *pod)) continue;
    for (const auto container : containers.items())
      if (container["name"].text() != kProxyContainer) report(*pod, container, out);
    for (const auto container : init_containers.items())
      if (container["name"].text() != kProxyContainer &&
          container["restartPolicy"].text() == "Always")
        report(*pod, container, out);
  }
}

}  // namespace

extern const Check gateway_foreign_sidecar;
constinit const Check gateway_foreign_sidecar{
    .slug = "gateway-foreign-sidecar", .reads = {Kind::pod, Kind::kube_gateway}, .run = run};

}  // namespace aksmesh::checks
