// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_set>

#include "istio/protocol.hpp"
#include "istio/validation/kinds.hpp"
#include "istio/validation/service_entry.hpp"

namespace aksmesh::istio::validation {
namespace {

bool any_port(const Node& spec, bool (*test)(Protocol)) {
  const auto ports = spec["ports"].items();
  return std::any_of(ports.begin(), ports.end(), [&](const Node& port) {
    return test(parse_protocol(field(port, "protocol").text()));
  });
}

void check_hosts(const Node& spec, Problems& out) {
  if (!has(spec, "hosts")) out.error("SE-03", {spec, "hosts"}, "a host is required");
  for (const auto host : spec["hosts"].items()) {
    const auto text = host.text();
    if (text == "*") {
      out.error("SE-04", host,
                "* is too wide for a ServiceEntry; name a domain, as in *.example.com");
      continue;
    }
    check_wildcard_domain("SE-04", host, out);
    if (text.starts_with('*') && !text.starts_with("*.") && resolution_of(spec) != "DYNAMIC_DNS")
      out.warning("SE-04", host,
                  shown(text) + ": a * should be the whole first label, as in *.example.com");
  }
}

void check_addresses(const Node& spec, Problems& out) {
  const auto resolution = resolution_of(spec);
  Node block;
  for (const auto address : spec["addresses"].items()) {
    check_ip_or_cidr("SE-05", address, out);
    if (!block && address.text().find('/') != std::string_view::npos) block = address;
  }
  if (block && resolution != "NONE" && resolution != "STATIC")
    out.error("SE-05", block,
              "a CIDR block needs resolution NONE or STATIC, not " + std::string(resolution));
}

void check_ports(const Node& spec, Problems& out) {
  constexpr std::string_view kRule = "SE-06";
  std::unordered_set<std::string_view> names;
  std::unordered_set<std::int64_t> numbers;
  for (const auto port : spec["ports"].items()) {
    if (port.is_null()) {
      out.error(kRule, port, "the port is null");
      continue;
    }
    const Place name{port, "name"};
    const Place number{port, "number"};
    const Place protocol{port, "protocol"};
    if (!names.insert(name.text()).second)
      out.error(kRule, name, "port name " + shown(name.text()) + " is given twice");
    if (!numbers.insert(integer(port, "number")).second)
      out.error(kRule, number, "port " + shown(number.text()) + " is given twice");
    if (has(port, "targetPort")) check_port(kRule, {port, "targetPort"}, out);
    check_label(kRule, name, out);
    if (!protocol.text().empty()) check_protocol(kRule, protocol, out);
    check_port(kRule, number, out);
  }
}

using PortNames = std::unordered_set<std::string_view>;

PortNames port_names(const Node& spec) {
  PortNames out;
  for (const auto port : spec["ports"].items())
    if (!port.is_null()) out.insert(field(port, "name").text());
  return out;
}

void check_port_names(const PortNames& known, const Node& endpoint, std::string_view rule,
                      Problems& out) {
  for (const auto& [name, number] : field(endpoint, "ports").entries())
    if (!known.contains(name.text()))
      out.error(rule, number,
                "the ServiceEntry has no port called " + shown(name.text()) + " in spec.ports");
}

void check_static(const Node& spec, Problems& out) {
  constexpr std::string_view kRule = "SE-11";
  const auto ports = port_names(spec);
  for (const auto endpoint : spec["endpoints"].items()) {
    if (endpoint.is_null()) {
      out.error(kRule, endpoint, "the endpoint is null");
      continue;
    }
    check_endpoint(endpoint, EndpointAddress::no_domain, out);
    if (!has(endpoint, "address") && !has(endpoint, "network")) continue;
    check_port_names(ports, endpoint, kRule, out);
    if (field(endpoint, "address").text().starts_with(kUnixPrefix) && spec["ports"].size() != 1)
      out.error(kRule, endpoint["address"],
                "an endpoint on a Unix domain socket needs exactly one port in spec.ports");
  }
}

void check_dns_endpoint(const PortNames& ports, const Node& endpoint, Problems& out) {
  constexpr std::string_view kRule = "SE-12";
  if (endpoint.is_null()) return out.error(kRule, endpoint, "the endpoint is null");
  const Place address{endpoint, "address"};
  if (!is_ip(address.text())) check_domain(kRule, address, out);
  check_labels(kRule, field(endpoint, "labels"), out);
  check_port_names(ports, endpoint, kRule, out);
  for (const auto& [name, number] : field(endpoint, "ports").entries()) {
    if (!is_label(name.text())) check_label(kRule, name, out);
    check_port(kRule, number, out);
  }
}

void check_dns(const Node& spec, Problems& out) {
  constexpr std::string_view kRule = "SE-12";
  const auto resolution = resolution_of(spec);
  const auto endpoints = field(spec, "endpoints");
  const auto hosts = spec["hosts"].items();
  const auto unresolvable = std::find_if(hosts.begin(), hosts.end(), [](const Node& host) {
    return !domain_fault(host.text()).empty();
  });
  if (endpoints.size() == 0 && unresolvable != hosts.end())
    out.error(kRule, *unresolvable,
              "resolution " + std::string(resolution) +
                  " without endpoints looks up the hosts, so " + shown((*unresolvable).text()) +
                  " must be a DNS name without a wildcard");
  if (resolution == "DNS_ROUND_ROBIN" && endpoints.size() > 1)
    out.error(kRule, endpoints, "resolution DNS_ROUND_ROBIN allows one endpoint at most");
  const auto ports = port_names(spec);
  for (const auto endpoint : endpoints.items()) check_dns_endpoint(ports, endpoint, out);
  const auto tcp_like = [](Protocol protocol) {
    return protocol == Protocol::tcp || is_tls(protocol) || protocol == Protocol::mongo ||
           protocol == Protocol::redis || protocol == Protocol::mysql;
  };
  if (has(spec, "addresses") && spec["hosts"].size() > 1 && any_port(spec, tcp_like))
    out.warning(kRule, spec["hosts"],
                "with addresses and a TCP port the hosts cannot be told apart; give each host a "
                "ServiceEntry");
}

void check_dynamic_dns(const Node& spec, Problems& out) {
  constexpr std::string_view kRule = "SE-13";
  for (const auto host : spec["hosts"].items())
    if (!host.text().starts_with('*'))
      out.error(kRule, host,
                "resolution DYNAMIC_DNS is for wildcards; " + shown(host.text()) + " is none");
  for (const std::string_view name : {"addresses", "endpoints"})
    if (has(spec, name))
      out.error(kRule, spec[name], "resolution DYNAMIC_DNS allows no " + std::string(name));
  for (const auto port : spec["ports"].items()) {
    const Place protocol{port, "protocol"};
    if (protocol.text() != "HTTP")
      out.error(kRule, protocol, "resolution DYNAMIC_DNS is for ports of protocol HTTP only");
  }
  const Place location{spec, "location"};
  if (!location.text().empty() && location.text() != "MESH_EXTERNAL")
    out.error(kRule, location, "resolution DYNAMIC_DNS is for location MESH_EXTERNAL only");
}

void check_resolution(const Node& spec, Problems& out) {
  const auto resolution = resolution_of(spec);
  if (resolution == "NONE") {
    if (has(spec, "endpoints"))
      out.error("SE-10", spec["endpoints"],
                "resolution NONE sends traffic to where it was going; endpoints have no place");
    if (const auto selector = field(spec, "workloadSelector"))
      out.warning("SE-10", selector, "resolution NONE does not use the workloadSelector");
  } else if (resolution == "STATIC") {
    check_static(spec, out);
  } else if (resolution == "DNS" || resolution == "DNS_ROUND_ROBIN") {
    check_dns(spec, out);
  } else if (resolution == "DYNAMIC_DNS") {
    check_dynamic_dns(spec, out);
  }
  const auto opaque = [](Protocol protocol) { return !is_http(protocol) && !is_tls(protocol); };
  if (resolution != "NONE" && spec["hosts"].size() > 1 && any_port(spec, opaque))
    out.error("SE-14", spec["hosts"],
              "with a port that is neither HTTP nor TLS the hosts cannot be told apart; give each "
              "host a ServiceEntry");
}

}  // namespace

std::string_view resolution_of(const Node& spec) {
  const auto text = field(spec, "resolution").text();
  return text.empty() ? "NONE" : text;
}

void check_tcp_addresses(const Node& spec, Problems& out) {
  if (has(spec, "addresses")) return;
  for (const auto port : spec["ports"].items()) {
    const Place protocol{port, "protocol"};
    if (!port.is_null() && (protocol.text().empty() || protocol.text() == "TCP"))
      out.warning("SE-06", protocol,
                  "a port for TCP (or without protocol) takes the traffic to every address, unless "
                  "addresses are given or allocated");
  }
}

void validate_service_entry(const kube::Object& object, Problems& out) {
  const auto spec = object.spec();
  if (!check_selector(spec, "workloadSelector", out)) return;
  if (field(spec, "workloadSelector") && has(spec, "endpoints"))
    out.error("SE-02", spec["endpoints"], "endpoints and workloadSelector exclude each other");
  check_hosts(spec, out);
  check_addresses(spec, out);
  check_ports(spec, out);
  if (resolution_of(spec) == "NONE") check_tcp_addresses(spec, out);
  check_resolution(spec, out);
  check_export_to(object, out);
}

}  // namespace aksmesh::istio::validation
