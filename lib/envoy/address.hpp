// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aksmesh::envoy {

class Value;

/// Where a proxy sends to, Envoy's message Address.
struct Address {
  enum class Kind : std::uint8_t { unknown, socket, pipe, internal };
  Kind kind = Kind::unknown;
  /// The IP address or host; the path of a pipe; `LISTENER/ENDPOINT_ID` of an internal listener.
  std::string host{};
  std::int64_t port = 0;  ///< 0: none
};
Address address_of(const Value& address);

/// `HOST:PORT` where there is a port.
std::string with_port(std::string_view host, std::int64_t port);
/// `REGION/ZONE/SUB_ZONE` without the parts behind the first that is empty, of a message Locality.
std::string locality_text(const Value& locality);

}  // namespace aksmesh::envoy
