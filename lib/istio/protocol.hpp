// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "data/tree.hpp"

// Protocols as Istio tells them from the names of ports (istio.io, "Protocol Selection"; 1.28).
namespace aksmesh::istio {

enum class Protocol : std::uint8_t {
  unsupported,
  tcp,
  udp,
  http,
  http_proxy,
  http2,
  grpc,
  grpc_web,
  https,
  tls,
  mongo,
  redis,
  mysql
};

/// A protocol's name in any case; `unsupported` for any other text.
Protocol parse_protocol(std::string_view name);
/// The name that parse_protocol reads; empty for `unsupported`.
std::string_view protocol_name(Protocol protocol);
/// Served by Envoy's HTTP filters.
bool is_http(Protocol protocol);
/// Spoken over HTTP/2.
bool is_http2(Protocol protocol);
/// Encrypted by the application: `https` and `tls`.
bool is_tls(Protocol protocol);

/// The protocol of one entry of a Service's `ports`: by appProtocol, else by the name up to its
/// first dash.
Protocol service_port_protocol(const data::Node& port);

}  // namespace aksmesh::istio
