// SPDX-License-Identifier: Apache-2.0
#include "istio/protocol.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/strings.hpp"
#include "data/table.hpp"

namespace aksmesh::istio {
namespace {

constexpr std::array<std::pair<std::string_view, Protocol>, 12> kNames{
    {{"tcp", Protocol::tcp},
     {"udp", Protocol::udp},
     {"grpc", Protocol::grpc},
     {"grpc-web", Protocol::grpc_web},
     {"http", Protocol::http},
     {"http_proxy", Protocol::http_proxy},
     {"http2", Protocol::http2},
     {"https", Protocol::https},
     {"tls", Protocol::tls},
     {"mongo", Protocol::mongo},
     {"redis", Protocol::redis},
     {"mysql", Protocol::mysql}}};

// Kubernetes' own words for appProtocol.
constexpr std::array<std::pair<std::string_view, Protocol>, 3> kKubernetesNames{
    {{"kubernetes.io/h2c", Protocol::http2},
     {"kubernetes.io/ws", Protocol::http},
     {"kubernetes.io/wss", Protocol::https}}};

bool is_server_first(std::int64_t port) {
  static const auto ports = data::table("lib/istio/tables/server-first-ports.json")["ports"];
  const auto items = ports.items();
  return std::any_of(items.begin(), items.end(),
                     [&](const data::Node& item) { return item.as_int() == port; });
}

}  // namespace

Protocol parse_protocol(std::string_view name) {
  const auto lower = to_lower(name);
  for (const auto& [known, protocol] : kNames)
    if (known == lower) return protocol;
  return Protocol::unsupported;
}

std::string_view protocol_name(Protocol protocol) {
  for (const auto& [name, known] : kNames)
    if (known == protocol) return name;
  return {};
}

bool is_http(Protocol protocol) {
  return protocol == Protocol::http || protocol == Protocol::http2 ||
         protocol == Protocol::http_proxy || protocol == Protocol::grpc ||
         protocol == Protocol::grpc_web;
}

bool is_http2(Protocol protocol) {
  return protocol == Protocol::http2 || protocol == Protocol::grpc ||
         protocol == Protocol::grpc_web;
}

bool is_tls(Protocol protocol) {
  return protocol == Protocol::https || protocol == Protocol::tls;
}

Protocol service_port_protocol(const data::Node& port) {
  if (port["protocol"].text() == "UDP") return Protocol::udp;
  const auto app = port["appProtocol"].text();
  for (const auto& [known, protocol] : kKubernetesNames)
    if (known == app) return protocol;
  const auto text = app.empty() ? port["name"].text() : app;
  if (to_lower(text.substr(0, 8)) == "grpc-web") return Protocol::grpc_web;
  const auto protocol = parse_protocol(text.substr(0, text.find('-')));
  if (protocol != Protocol::unsupported) return protocol;
  const auto number = port["port"].as_int().value_or(0);
  return is_server_first(number) ? Protocol::tcp : Protocol::unsupported;
}

}  // namespace aksmesh::istio
