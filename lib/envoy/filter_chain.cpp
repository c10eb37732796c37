// SPDX-License-Identifier: Apache-2.0
#include "envoy/filter_chain.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/strings.hpp"
#include "envoy/listener.hpp"
#include "envoy/route.hpp"
#include "envoy/route_match.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

constexpr std::string_view kHttp = "envoy.filters.network.http_connection_manager";
constexpr std::string_view kTcp = "envoy.filters.network.tcp_proxy";

std::string text_of(const Value& value) {
  return std::string(value.text());
}

std::vector<std::string> texts_of(const Value& list) {
  std::vector<std::string> out;
  for (const auto one : list.items()) out.push_back(text_of(one));
  return out;
}

/// Lists of protocols that istiod writes, and the neighbour's word for each.
std::string protocols_text(const std::vector<std::string>& protocols) {
  constexpr std::array<std::string_view, 3> kPlain{"http/1.0", "http/1.1", "h2c"};
  constexpr std::array<std::string_view, 4> kIstio{"istio", "istio-http/1.0", "istio-http/1.1",
                                                   "istio-h2"};
  constexpr std::array<std::string_view, 6> kHttpTls{
      "http/1.0", "http/1.1", "h2c", "istio-http/1.0", "istio-http/1.1", "istio-h2"};
  constexpr std::array<std::string_view, 2> kTcpTls{"istio-peer-exchange", "istio"};
  const auto is = [&](std::span<const std::string_view> known) {
    return std::equal(protocols.begin(), protocols.end(), known.begin(), known.end());
  };
  if (is(kPlain)) return "HTTP";
  if (is(kIstio)) return "Istio HTTP Plain";
  if (is(kHttpTls)) return "HTTP TLS";
  if (is(kTcpTls)) return "TCP TLS";
  return join(protocols, ",");
}

/// `10.0.0.0/8,::1/128` of CIDR ranges.
std::string ranges_text(const Value& ranges) {
  std::vector<std::string> out;
  for (const auto range : ranges.items())
    out.push_back(text_of(range["address_prefix"]) + '/' +
                  std::to_string(range["prefix_len"].number().value_or(0)));
  return join(out, ",");
}

std::string chain_match_text(const Value& match) {
  std::vector<std::string> parts;
  if (const auto names = texts_of(match["server_names"]); !names.empty())
    parts.push_back("SNI: " + join(names, ","));
  if (const auto transport = match["transport_protocol"].text(); !transport.empty())
    parts.push_back("Trans: " + std::string(transport));
  if (const auto protocols = texts_of(match["application_protocols"]); !protocols.empty())
    parts.push_back("App: " + protocols_text(protocols));
  std::string port;
  if (const auto number = match["destination_port"].number()) port = ':' + std::to_string(*number);
  if (const auto ranges = ranges_text(match["prefix_ranges"]); !ranges.empty())
    parts.push_back("Addr: " + ranges + port);
  else if (!port.empty())
    parts.push_back("Addr: *" + port);
  return parts.empty() ? "ALL" : join(parts, "; ");
}

/// What a chain wants of the caller's address.
std::string sources_text(const Value& match) {
  std::vector<std::string> parts;
  if (const auto ranges = ranges_text(match["source_prefix_ranges"]); !ranges.empty())
    parts.push_back("from " + ranges);
  if (const auto ranges = ranges_text(match["direct_source_prefix_ranges"]); !ranges.empty())
    parts.push_back("directly from " + ranges);
  std::vector<std::string> ports;
  for (const auto port : match["source_ports"].items())
    ports.push_back(std::to_string(port.number().value_or(0)));
  if (!ports.empty()) parts.push_back("from port " + join(ports, ","));
  const auto type = match["source_type"].text();
  if (type == "EXTERNAL") parts.emplace_back("from other hosts");
  if (type == "SAME_IP_OR_LOOPBACK") parts.emplace_back("from this host");
  return join(parts, "; ");
}

/// `Cluster: NAME`; those whose name says so by itself stand alone.
std::string cluster_text(std::string_view cluster) {
  const bool says_so = cluster.find("Cluster") != std::string_view::npos;
  return (says_so ? "" : "Cluster: ") + std::string(cluster);
}

/// Whether the domains are all there are.
bool is_any(const std::vector<std::string>& domains) {
  return domains.size() == 1 && domains.front() == "*";
}

/// The one cluster that routes send everything to; nothing when there is more to tell.
Value only_cluster(const Value& routes) {
  const auto hosts = routes["virtual_hosts"].items();
  const auto host = hosts.front();
  const auto inner = host["routes"].items();
  if (hosts.empty() || inner.empty() || ++hosts.begin() != hosts.end() ||
      ++inner.begin() != inner.end())
    return {};
  const auto route = inner.front();
  if (!is_any(texts_of(host["domains"])) || route["match"]["prefix"].text() != "/") return {};
  return route["route"]["cluster"];
}

std::string inline_routes_text(const Value& routes) {
  if (const auto cluster = only_cluster(routes); !cluster.text().empty())
    return cluster_text(cluster.text());
  std::vector<std::string> hosts;
  for (const auto host : routes["virtual_hosts"].items()) {
    std::vector<std::string> matches;
    for (const auto route : host["routes"].items()) matches.push_back(match_text(route["match"]));
    const auto domains = texts_of(host["domains"]);
    hosts.push_back((is_any(domains) ? "" : join(domains, "/") + ' ') + join(matches, ", "));
  }
  return "Inline Route: " + join(hosts, "; ");
}

std::string http_text(const Value& manager) {
  if (const auto routes = manager["route_config"]; routes.is_there())
    return inline_routes_text(routes);
  const auto name = manager["rds"]["route_config_name"].text();
  return name.empty() ? "HTTP" : "Route: " + std::string(name);
}

/// Such a filter only drops what no other chain takes.
bool is_black_hole(const Value& filter) {
  return filter["typed_config"].json().find("BlackHoleCluster") != std::string::npos;
}

}  // namespace

FilterChain filter_chain(const Value& chain) {
  const auto match = chain["filter_chain_match"];
  FilterChain out{.name = text_of(chain["name"]),
                  .match = chain_match_text(match),
                  .sources = sources_text(match)};
  for (const auto filter : chain["filters"].items()) {
    const auto name = filter["name"].text();
    const bool is_http = name == kHttp;
    const bool is_tcp = name == kTcp && !is_black_hole(filter);
    if (!out.is_http && !out.is_tcp && is_http) out.destination = http_text(filter["typed_config"]);
    if (!out.is_http && !out.is_tcp && is_tcp) {
      out.destination = cluster_text(filter["typed_config"]["cluster"].text());
      out.weights = weights_text(filter["typed_config"]["weighted_clusters"]);
    }
    out.is_http = out.is_http || is_http;
    out.is_tcp = out.is_tcp || is_tcp;
  }
  if (!out.is_http && !out.is_tcp) out.destination = "Non-HTTP/Non-TCP";
  return out;
}

}  // namespace aksmesh::envoy
