// SPDX-License-Identifier: Apache-2.0
#include "envoy/address.hpp"

#include "envoy/value.hpp"

namespace aksmesh::envoy {

Address address_of(const Value& address) {
  if (const auto socket = address["socket_address"]; socket.is_object())
    return {.kind = Address::Kind::socket,
            .host = std::string(socket["address"].text()),
            .port = socket["port_value"].number().value_or(0)};
  if (const auto pipe = address["pipe"]; pipe.is_object())
    return {.kind = Address::Kind::pipe, .host = std::string(pipe["path"].text())};
  if (const auto internal = address["envoy_internal_address"]; internal.is_object())
    return {.kind = Address::Kind::internal,
            .host = std::string(internal["server_listener_name"].text()) + '/' +
                    std::string(internal["endpoint_id"].text())};
  return {};
}

std::string with_port(std::string_view host, std::int64_t port) {
  std::string out(host);
  return port == 0 ? out : out + ':' + std::to_string(port);
}

std::string locality_text(const Value& locality) {
  std::string out(locality["region"].text());
  for (const char* part : {"zone", "sub_zone"}) {
    const auto text = locality[part].text();
    if (text.empty()) break;
    out += '/';
    out += text;
  }
  return out;
}

}  // namespace aksmesh::envoy
