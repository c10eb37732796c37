// SPDX-License-Identifier: Apache-2.0
#include "checks/http_backends.hpp"

namespace aksmesh::checks {
namespace {

using istio::Protocol;

void check_backend(const Backend& backend, Findings& out) {
  const auto protocol = backend.protocol();
  if (!backend.host->is_service() || protocol == Protocol::unsupported ||
      istio::is_http(protocol) || istio::is_tls(protocol))
    return;
  out.add(
      *backend.route, backend.place,
      "{backend} is declared as {protocol}: a sidecar in front of it sees bytes and no requests",
      {{"backend", backend.text()}, {"protocol", std::string(istio::protocol_name(protocol))}});
}

void run(const Facts& facts, Findings& out) {
  const auto check = [&](const Backend& backend) { check_backend(backend, out); };
  visit_virtual_service_backends(facts, check);
  visit_route_backends(facts, Kind::http_route, check);
}

}  // namespace

extern const Check http_to_tcp_port;
constinit const Check http_to_tcp_port{
    .slug = "http-to-tcp-port",
    .reads = kHostKinds | KindSet{Kind::virtual_service, Kind::http_route},
    .run = run};

}  // namespace aksmesh::checks
