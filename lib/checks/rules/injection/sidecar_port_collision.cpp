// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/live_pods.hpp"
#include "checks/proxies.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

/// Whether Envoy or the agent listens on it.
bool is_proxy_port(const Node& port) {
  static const auto ranges = mesh::table("thresholds.json").at("proxyPorts", "ranges");
  const auto number = port.as_int();
  const auto items = ranges.items();
  return number && std::any_of(items.begin(), items.end(), [&](const Node& range) {
           return range["first"].as_int() <= number && number <= range["last"].as_int();
         });
}

/// The ports of a Service that meet the proxy's, one for each entry.
std::vector<Node> colliding_ports(const Object& service) {
  std::vector<Node> out;
  for (const auto entry : service.spec()["ports"].items()) {
    if (is_proxy_port(entry["port"]))
      out.push_back(entry["port"]);
    else if (is_proxy_port(entry["targetPort"]))
      out.push_back(entry["targetPort"]);
  }
  return out;
}

std::vector<Node> colliding_ports(const Workload& workload) {
  std::vector<Node> out;
  for (const auto list : {workload.pod_spec["containers"], workload.pod_spec["initContainers"]})
    for (const auto container : list.items()) {
      if (container["name"].text() == kProxyContainer) continue;
      for (const auto entry : container["ports"].items())
        if (is_proxy_port(entry["containerPort"])) out.push_back(entry["containerPort"]);
    }
  return out;
}

void tell(const Object& object, const std::vector<Node>& ports, Meshed meshed, Findings& out) {
  if (ports.empty() || meshed == Meshed::no) return;
  if (meshed == Meshed::unknown)
    out.unknown(object, kNamespaceUnknown);
  else
    for (const auto& port : ports)
      out.add(object, port, "port {port} of {name} is one on which the sidecar listens",
              {{"port", std::string(port.text())}, {"name", std::string(object.name)}});
}

void run(const Facts& facts, Findings& out) {
  for (const auto* service : facts.all(Kind::service)) {
    if (is_addon_namespace(service->name_space) || is_gateway_part(service->metadata())) continue;
    tell(*service, colliding_ports(*service), facts.meshed(service->name_space), out);
  }
  for (const auto& workload : facts.workloads()) {
    const auto& object = *workload.object;
    if (is_addon_namespace(object.name_space) || is_gateway_part(workload.template_metadata) ||
        stays_outside_mesh(workload.template_metadata, workload.pod_spec))
      continue;
    const bool injected = workload.is_pod() && is_live_pod(object) &&
                          find_container(workload.pod_spec, kProxyContainer);
    tell(object, colliding_ports(workload),
         injected ? Meshed::yes : facts.meshed(object.name_space), out);
  }
}

}  // namespace

extern const Check sidecar_port_collision;
constinit const Check sidecar_port_collision{
    .slug = "sidecar-port-collision",
    .reads = kPodKinds | KindSet{Kind::service, Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
