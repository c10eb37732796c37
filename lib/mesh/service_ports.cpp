// SPDX-License-Identifier: Apache-2.0
#include "mesh/service_ports.hpp"

#include <algorithm>
#include <string>

#include "base/strings.hpp"
#include "mesh/istio_view.hpp"

namespace aksmesh::mesh {
namespace {

constexpr std::string_view kIncludedPorts = "traffic.sidecar.istio.io/includeInboundPorts";
constexpr std::string_view kExcludedPorts = "traffic.sidecar.istio.io/excludeInboundPorts";

bool lists_port(std::string_view list, std::int64_t port) {
  const auto number = std::to_string(port);
  const auto parts = split(list, ',');
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return trim(part) == number; });
}

}  // namespace

istio::Protocol port_protocol(const HostEntry& host, const HostPort& port) {
  return host.is_service() ? istio::service_port_protocol(port.node)
                           : istio::parse_protocol(port.node["protocol"].text());
}

const HostPort* destination_port(const HostEntry& host, const data::Node& destination) {
  const auto wanted = destination.at("port", "number").as_int();
  if (!wanted) return host.ports.size() == 1 ? &host.ports.front() : nullptr;
  for (const auto& port : host.ports)
    if (port.number == *wanted) return &port;
  return nullptr;
}

std::optional<std::int64_t> target_port(const data::Node& service_port,
                                        const data::Node& pod_spec) {
  const auto target = service_port["targetPort"];
  if (!target || target.text().empty()) return service_port["port"].as_int();
  if (const auto number = target.as_int())
    return number == 0 ? service_port["port"].as_int() : number;
  for (const char* list : {"containers", "initContainers"})
    for (const auto container : pod_spec[list].items()) {
      // Of these only sidecars stay.
      if (list[0] == 'i' && container["restartPolicy"].text() != "Always") continue;
      for (const auto port : container["ports"].items())
        if (port["name"].text() == target.text()) return port["containerPort"].as_int();
    }
  return std::nullopt;
}

bool bypasses_sidecar(const kube::Object& pod, std::int64_t port) {
  const auto annotations = pod_parts(pod).metadata["annotations"];
  if (lists_port(annotations[kExcludedPorts].text(), port)) return true;
  const auto included = annotations[kIncludedPorts];
  return included && trim(included.text()) != "*" && !lists_port(included.text(), port);
}

}  // namespace aksmesh::mesh
