// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "istio/protocol.hpp"
#include "mesh/host_table.hpp"
#include "mesh/label_index.hpp"

// Ports of hosts and of the workloads behind them.
namespace aksmesh::mesh {

/// The protocol that a port of a Service or ServiceEntry declares; `unsupported` when it declares
/// none, so that proxies guess it.
istio::Protocol port_protocol(const HostEntry& host, const HostPort& port);

/// The port of a route's `destination`: the one that it names, or the only one of the host; null
/// otherwise.
const HostPort* destination_port(const HostEntry& host, const data::Node& destination);

/// The port number of a pod that a port of a Service leads to; nothing when a name is not among the
/// pod's ports.
std::optional<std::int64_t> target_port(const data::Node& service_port, const data::Node& pod_spec);

/// True when traffic to this port of a pod goes past its sidecar, by the pod's annotations.
bool bypasses_sidecar(const kube::Object& pod, std::int64_t port);

}  // namespace aksmesh::mesh
