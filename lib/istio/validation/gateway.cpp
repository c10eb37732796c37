// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_set>

#include "istio/protocol.hpp"
#include "istio/validation/kinds.hpp"
#include "istio/validation/server.hpp"

namespace aksmesh::istio::validation {
namespace {

/// False when the port itself is wrong.
bool check_server_port(const Node& server, Problems& out) {
  constexpr std::string_view kRule = "GW-11";
  const auto before = out.errors();
  const auto port = field(server, "port");
  if (!port) {
    out.error(kRule, {server, "port"}, "a port is required");
    return false;
  }
  check_protocol(kRule, {port, "protocol"}, out);
  const bool on_socket = field(server, "bind").text().starts_with(kUnixPrefix);
  if (has(port, "number") || !on_socket) check_port(kRule, {port, "number"}, out);
  if (has(port, "targetPort"))
    out.error(kRule, port["targetPort"], "targetPort has no meaning in a Gateway; remove it");
  if (!has(port, "name")) out.error(kRule, {port, "name"}, "the port's name is required");
  return out.errors() == before;
}

void check_bind(const Node& server, Problems& out) {
  constexpr std::string_view kRule = "GW-12";
  const Place bind{server, "bind"};
  check_bind_address(kRule, bind, out);
  if (bind.text().starts_with(kUnixPrefix) && has(field(server, "port"), "number"))
    out.error(kRule, server["port"]["number"],
              "the server listens on a Unix domain socket, so its port number must be 0");
}

void check_tls_fits(const Node& server, Problems& out) {
  constexpr std::string_view kRule = "GW-13";
  const auto protocol = parse_protocol(server.at("port", "protocol").text());
  const auto tls = field(server, "tls");
  if (is_tls(protocol) && !tls)
    out.error(kRule, {server, "tls"}, "a server for HTTPS or TLS needs tls settings");
  if (is_tls(protocol) || !tls) return;
  const auto mode = field(tls, "mode").text();
  const bool passes = (mode.empty() || mode == "PASSTHROUGH" || mode == "AUTO_PASSTHROUGH") &&
                      !has(tls, "caCertificates") && !has(tls, "privateKey") &&
                      !has(tls, "serverCertificate");
  if (!is_http(protocol))
    out.error(kRule, tls, "tls settings need the protocol HTTPS or TLS");
  else if (!passes)
    out.error(kRule, tls,
              "a server for plain HTTP can only have httpsRedirect here; for TLS use the protocol "
              "HTTPS");
}

void check_server(const Node& server, Problems& out) {
  constexpr std::string_view kRule = "GW-10";
  if (!has(server, "hosts")) out.error(kRule, {server, "hosts"}, "a host is required");
  for (const auto host : server["hosts"].items())
    check_scoped_host(kRule, host, HostOwner::gateway, out);
  const bool good = check_server_port(server, out);
  check_bind(server, out);
  check_server_tls(field(server, "tls"), out);
  if (good) check_tls_fits(server, out);
}

}  // namespace

void validate_gateway(const kube::Object& object, Problems& out) {
  const auto spec = object.spec();
  if (!object.name.empty() && !is_label(object.name))
    out.error("GW-01", {object.metadata(), "name"},
              shown(object.name) + " has other characters than letters, digits and dashes");
  if (!has(spec, "servers")) out.error("GW-02", {spec, "servers"}, "a server is required");
  std::unordered_set<std::string_view> names;
  for (const auto server : spec["servers"].items()) {
    if (server.is_null()) {
      out.error("GW-03", server, "the server is null");
      continue;
    }
    check_server(server, out);
    const auto port = field(server, "port");
    if (!port) continue;
    const Place name{port, "name"};
    if (!names.insert(name.text()).second)
      out.error("GW-04", name,
                "another server's port is called " + shown(name.text()) +
                    " too; the names of a Gateway's ports must differ");
    if (is_true(field(server, "tls"), "httpsRedirect") &&
        !is_http(parse_protocol(field(port, "protocol").text())))
      out.warning("GW-05", server["tls"]["httpsRedirect"],
                  "httpsRedirect works on plain HTTP servers only");
  }
}

}  // namespace aksmesh::istio::validation
