// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "istio/protocol.hpp"
#include "istio/validation/kinds.hpp"
#include "istio/validation/server.hpp"
#include "istio/validation/traffic_policy.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr std::string_view kIngress = "SC-03";
constexpr std::string_view kEgress = "SC-04";
constexpr std::array<std::string_view, 5> kLocalHosts{"", "127.0.0.1", "0.0.0.0", "::1", "::"};

/// Name, protocol and targetPort of a listener's port.
void check_listener_port(std::string_view rule, const Node& port, Problems& out) {
  if (has(port, "targetPort"))
    out.error(rule, port["targetPort"], "targetPort has no meaning in a Sidecar; remove it");
  if (has(port, "name")) check_label(rule, {port, "name"}, out);
  if (has(port, "protocol")) check_protocol(rule, {port, "protocol"}, out);
}

/// Host and port of `127.0.0.1:80`, `[::1]:80` or `:80`; nothing when there is no port.
std::optional<std::pair<std::string_view, std::string_view>> split_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  else if (host.find_first_of(":[]") != std::string_view::npos)
    return std::nullopt;
  return std::pair{host, text.substr(colon + 1)};
}

void check_default_endpoint(const Place& endpoint, Problems& out) {
  const auto text = endpoint.text();
  if (text.empty()) return;
  if (text.starts_with(kUnixPrefix)) return check_bind_address(kIngress, endpoint, out);
  const auto parts = split_endpoint(text);
  if (!parts) out.error(kIngress, endpoint, shown(text) + " is not of the form host:port");
  const auto [host, port] = parts.value_or(std::pair{std::string_view{}, std::string_view{}});
  if (std::find(kLocalHosts.begin(), kLocalHosts.end(), host) == kLocalHosts.end())
    out.error(kIngress, endpoint,
              shown(host) +
                  " is not the pod itself; allowed are 127.0.0.1, 0.0.0.0, [::1], [::], "
                  "no host, and unix:///path");
  const bool digits = !port.empty() && port.size() < 6 &&
                      port.find_first_not_of("0123456789") == std::string_view::npos;
  if (!digits || !is_port(std::stoi(std::string(port))))
    out.error(kIngress, endpoint,
              (port.empty() ? "the port is missing" : shown(port) + " is no port") +
                  std::string("; it must be a number from 1 to 65535"));
}

void check_ingress_tls(const Node& listener, Problems& out) {
  const auto tls = field(listener, "tls");
  if (!tls) return;
  for (const std::string_view name :
       {"subjectAltNames", "httpsRedirect", "credentialName", "credentialNames", "tlsCertificates"})
    if (has(tls, name))
      out.error(kIngress, tls[name], std::string(name) + " is not supported in a Sidecar");
  const auto mode = field(tls, "mode");
  if (mode.text() == "ISTIO_MUTUAL" || mode.text() == "AUTO_PASSTHROUGH")
    out.error(kIngress, mode,
              "mode " + std::string(mode.text()) + " is not supported in a Sidecar");
  if (!is_tls(parse_protocol(listener.at("port", "protocol").text())))
    out.error(kIngress, tls, "tls settings need a port of protocol HTTPS or TLS");
  check_server_tls(tls, out);
}

void check_ingress(const Node& spec, Problems& out) {
  std::unordered_set<std::int64_t> numbers;
  for (const auto listener : spec["ingress"].items()) {
    if (listener.is_null()) {
      out.error(kIngress, listener, "the listener is null");
      continue;
    }
    const auto port = field(listener, "port");
    if (!port) {
      out.error(kIngress, {listener, "port"}, "a port is required");
      continue;
    }
    check_listener_port(kIngress, port, out);
    const Place number{port, "number"};
    check_port(kIngress, number, out);
    if (has(listener, "bind")) check_ip(kIngress, {listener, "bind"}, out);
    if (!numbers.insert(integer(port, "number")).second)
      out.error(kIngress, number, "another listener has port " + shown(number.text()) + " too");
    check_default_endpoint({listener, "defaultEndpoint"}, out);
    check_ingress_tls(listener, out);
    const auto pool = field(listener, "connectionPool");
    check_connection_pool(pool, out);
    if (field(pool, "http") && !is_http(parse_protocol(field(port, "protocol").text())))
      out.warning(kIngress, pool["http"],
                  "the port's protocol is not HTTP, so only the tcp settings apply");
  }
}

/// The same listeners of a Sidecar, by port or by socket.
struct Listeners {
  std::unordered_set<std::int64_t> numbers{};
  std::unordered_set<std::string_view> sockets{};
};

void check_egress_port(const Node& listener, Listeners& known, Problems& out) {
  const auto port = field(listener, "port");
  const Place bind{listener, "bind"};
  const Place number{port, "number"};
  check_listener_port(kEgress, port, out);
  if (has(port, "number")) {
    check_port(kEgress, number, out);
    if (!bind.text().empty()) check_ip(kEgress, bind, out);
    if (!known.numbers.insert(integer(port, "number")).second)
      out.error(kEgress, number, "another listener has port " + shown(number.text()) + " too");
    return;
  }
  if (bind.text().starts_with(kUnixPrefix))
    check_bind_address(kEgress, bind, out);
  else
    out.error(kEgress, number, "a port number is required, unless bind is a Unix domain socket");
  const auto capture = field(listener, "captureMode");
  if (!capture.text().empty() && capture.text() != "DEFAULT" && capture.text() != "NONE")
    out.error(kEgress, capture,
              "a listener on a Unix domain socket captures no traffic; allowed are "
              "DEFAULT and NONE");
  if (!known.sockets.insert(bind.text()).second)
    out.error(kEgress, bind, "another listener is on " + shown(bind.text()) + " too");
}

/// Which hosts of which namespace a listener has named.
using Imported = std::unordered_map<std::string_view, std::unordered_set<std::string_view>>;

void check_egress_hosts(const Node& listener, std::string_view own_namespace, Problems& out) {
  constexpr std::string_view kRule = "SC-05";
  Imported imported;
  for (const auto host : listener["hosts"].items()) {
    check_scoped_host(kRule, host, HostOwner::sidecar, out);
    const auto text = host.text();
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) continue;
    auto name_space = text.substr(0, slash);
    if (name_space == ".") name_space = own_namespace;
    const auto name = text.substr(slash + 1);
    auto& names = imported[name_space];
    if (name == "*" ? !names.empty() : names.contains(name) || names.contains("*"))
      out.warning(kRule, host,
                  shown(text) + " is already imported by another entry, or covers one");
    names.insert(name);
  }
  const auto all = imported.find("*");
  if (all != imported.end() && all->second.contains("*") && imported.size() > 1)
    out.warning(kRule, listener["hosts"], "*/* imports everything; the other entries say nothing");
}

void check_egress(const kube::Object& object, Problems& out) {
  const auto list = object.spec()["egress"];
  Listeners known;
  std::size_t left = list.size();
  for (const auto listener : list.items()) {
    --left;
    if (listener.is_null()) {
      out.error(kEgress, listener, "the listener is null");
      continue;
    }
    if (field(listener, "port"))
      check_egress_port(listener, known, out);
    else if (left > 0)
      out.error(kEgress, {listener, "port"},
                "a listener without a port takes what the others leave, so it must be the last");
    if (!has(listener, "hosts"))
      out.error("SC-05", {listener, "hosts"}, "a host is required; for none write ~/*");
    check_egress_hosts(listener, object.name_space, out);
  }
}

void check_egress_proxy(const Node& policy, Problems& out) {
  constexpr std::string_view kRule = "SC-06";
  const auto proxy = field(policy, "egressProxy");
  if (!proxy) return;
  const auto before = out.errors();
  if (field(policy, "mode").text() != "ALLOW_ANY")
    out.error(kRule, proxy, "egressProxy needs mode ALLOW_ANY");
  check_domain(kRule, {proxy, "host"}, out);
  if (!field(proxy, "port")) out.error(kRule, {proxy, "port"}, "a port is required");
  if (out.errors() == before) check_destination(proxy, out);
}

}  // namespace

void validate_sidecar(const kube::Object& object, Problems& out) {
  const auto spec = object.spec();
  if (!check_selector(spec, "workloadSelector", out)) return;
  if (!has(spec, "egress") && !has(spec, "ingress") && !field(spec, "outboundTrafficPolicy") &&
      !field(spec, "inboundConnectionPool"))
    return out.error("SC-02", spec,
                     "one of egress, ingress, outboundTrafficPolicy and inboundConnectionPool is "
                     "required");
  check_ingress(spec, out);
  check_egress(object, out);
  check_egress_proxy(field(spec, "outboundTrafficPolicy"), out);
  check_connection_pool(field(spec, "inboundConnectionPool"), out);
}

}  // namespace aksmesh::istio::validation
