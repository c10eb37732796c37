// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "base/strings.hpp"
#include "envoy/listener.hpp"
#include "support/dump_rows.hpp"

namespace aksmesh::test {
namespace {

using envoy::ListenerRow;

/// The listeners of a dump with these lists in its section.
std::vector<ListenerRow> read(const std::string& lists) {
  std::vector<ListenerRow> out;
  read_entries(section_text(envoy::kListenerSection, lists), envoy::kListenerLists,
               [&](const envoy::DumpEntry& entry) {
                 for (auto& row : envoy::listener_rows(entry, envoy::WithConfig::yes))
                   out.push_back(std::move(row));
               });
  return out;
}

ListenerRow active(const std::string& listener) {
  auto rows = read(R"("dynamic_listeners": [{"name": "l", "active_state": {"listener": )" +
                   listener + "}}]");
  REQUIRE(rows.size() == 1);
  return rows.front();
}

/// The only chain of a listener, with this match and these filters.
envoy::FilterChain chain(const std::string& match, const std::string& filters) {
  const auto row = active(R"({"filter_chains": [{"filter_chain_match": )" + match +
                          R"(, "filters": [)" + filters + "]}]}");
  REQUIRE(row.chains.size() == 1);
  return row.chains.front();
}

std::string http(const std::string& config) {
  return R"({"name": "envoy.filters.network.http_connection_manager", "typed_config": )" + config +
         '}';
}

std::string tcp(const std::string& config) {
  return R"({"name": "envoy.filters.network.tcp_proxy", "typed_config": )" + config + '}';
}

std::string inline_routes(const std::string& hosts) {
  return http(R"({"route_config": {"virtual_hosts": [)" + hosts + "]}}");
}

}  // namespace

TEST_CASE("listeners: addresses of every kind") {
  const auto dual = active(
      R"({"address": {"socket_address": {"address": "::", "port_value": 80}}, "additional_addresses":
          [{"address": {"socket_address": {"address": "0.0.0.0", "port_value": 81}}}, {"address": {"pipe": {"path": "/a"}}}]})");
  CHECK(join(dual.addresses, " ") == ":: 0.0.0.0 /a");
  CHECK(dual.port == 80);
  const auto pipe = active(R"({"address": {"pipe": {"path": "/var/run/x"}}})");
  CHECK(join(pipe.addresses, " ") == "/var/run/x");
  CHECK(pipe.port == 0);
  const auto inside = active(R"({"name": "main_internal", "internal_listener": {}})");
  CHECK(inside.addresses.empty());
  CHECK(inside.name == "main_internal");
}

TEST_CASE("listeners: each state is a row, and one that was never taken is told") {
  const auto rows = read(R"("dynamic_listeners": [
    {"name": "a", "active_state": {"listener": {"name": "a"}, "last_updated": "2026-01-01T00:00:00Z"},
     "warming_state": {"listener": {"name": "a"}}, "draining_state": {"listener": {"name": "a"}},
     "error_state": {"details": "no such filter"}},
    {"name": "b", "warming_state": {"listener": {"name": "b"}}},
    {"name": "c", "error_state": {"failed_configuration": {"name": "c", "address": {"socket_address":
     {"address": "10.0.0.1", "port_value": 1}}}, "details": "bad", "last_update_attempt": "2026-01-02T00:00:00Z"}},
    {"name": "d"}],
    "static_listeners": [{"listener": {}}])");
  std::string told;
  for (const auto& row : rows)
    told += row.name + ' ' + std::string(word_of(row.state)) + ' ' + row.error + ';';
  CHECK(told ==
        "a ACTIVE no such filter;a WARMING no such filter;a DRAINING no such filter;b WARMING ;"
        "c REFUSED bad; STATIC ;");
  CHECK(rows[0].updated == "2026-01-01T00:00:00Z");
  CHECK(rows[4].updated == "2026-01-02T00:00:00Z");
  CHECK(rows[4].port == 1);
  CHECK(rows[5].config == "{}");
}

TEST_CASE("listeners: which connections a chain takes") {
  CHECK(chain("{}", "").match == "ALL");
  CHECK(chain("7", "").match == "ALL");
  CHECK(chain(R"({"destination_port": 80})", "").match == "Addr: *:80");
  CHECK(chain(R"({"prefix_ranges": [{"address_prefix": "10.0.0.1", "prefix_len": 32},
                  {"address_prefix": "fd00::", "prefix_len": 8}], "destination_port": 80})",
              "")
            .match == "Addr: 10.0.0.1/32,fd00::/8:80");
  CHECK(chain(R"({"prefix_ranges": [{"address_prefix": "0.0.0.0"}]})", "").match ==
        "Addr: 0.0.0.0/0");
  CHECK(chain(R"({"server_names": ["a", "b"], "transport_protocol": "tls"})", "").match ==
        "SNI: a,b; Trans: tls");
  const auto protocols = [](const std::string& list) {
    return chain(R"({"application_protocols": [)" + list + "]}", "").match;
  };
  CHECK(protocols(R"("http/1.0", "http/1.1", "h2c")") == "App: HTTP");
  CHECK(protocols(R"("istio", "istio-http/1.0", "istio-http/1.1", "istio-h2")") ==
        "App: Istio HTTP Plain");
  CHECK(protocols(
            R"("http/1.0", "http/1.1", "h2c", "istio-http/1.0", "istio-http/1.1", "istio-h2")") ==
        "App: HTTP TLS");
  CHECK(protocols(R"("istio-peer-exchange", "istio")") == "App: TCP TLS");
  CHECK(protocols(R"("istio", "istio-peer-exchange")") == "App: istio,istio-peer-exchange");
}

TEST_CASE("listeners: what the neighbour hides of a match") {
  CHECK(chain(R"({"source_prefix_ranges": [{"address_prefix": "10.0.0.0", "prefix_len": 8}],
                  "source_ports": [1, 2], "source_type": "EXTERNAL"})",
              "")
            .sources == "from 10.0.0.0/8; from port 1,2; from other hosts");
  CHECK(chain(R"({"direct_source_prefix_ranges": [{"address_prefix": "::1", "prefix_len": 128}],
                  "source_type": "SAME_IP_OR_LOOPBACK"})",
              "")
            .sources == "directly from ::1/128; from this host");
  CHECK(chain("{}", "").sources.empty());
}

TEST_CASE("listeners: where a chain sends to") {
  const auto to = [](const std::string& filters) { return chain("{}", filters).destination; };
  CHECK(to("") == "Non-HTTP/Non-TCP");
  CHECK(to(R"(5, {"name": "envoy.filters.network.rbac"})") == "Non-HTTP/Non-TCP");
  CHECK(to(http(R"({"rds": {"route_config_name": "http.80"}})")) == "Route: http.80");
  CHECK(to(http("{}")) == "HTTP");
  CHECK(to(tcp(R"({"cluster": "outbound|80||a"})")) == "Cluster: outbound|80||a");
  CHECK(to(tcp(R"({"cluster": "PassthroughCluster"})")) == "PassthroughCluster");
  CHECK(to(tcp(R"({"cluster": "BlackHoleCluster"})")) == "Non-HTTP/Non-TCP");
  const auto weighted = chain(
      "{}",
      tcp(R"({"weighted_clusters": {"clusters": [{"name": "a", "weight": 9}, {"name": "b", "weight": 1}]}})"));
  CHECK(weighted.destination == "Cluster: ");
  CHECK(weighted.weights == "a 9, b 1");
}

TEST_CASE("listeners: routes of their own") {
  const auto to = [](const std::string& hosts) {
    return chain("{}", inline_routes(hosts)).destination;
  };
  const std::string all = R"({"domains": ["*"], "routes": [{"match": {"prefix": "/"}, "route": )";
  CHECK(to(all + R"({"cluster": "inbound|80||"}}]})") == "Cluster: inbound|80||");
  CHECK(to(all + R"({"cluster": "InboundPassthroughCluster"}}]})") == "InboundPassthroughCluster");
  CHECK(to(all + R"({"weighted_clusters": {}}}]})") == "Inline Route: /*");
  CHECK(to(R"({"domains": ["*"], "routes": [{"match": {"prefix": "/a"}, "route": {"cluster": "x"}},
             {"match": {"path": "/b"}}]}, {"domains": ["a", "b"], "routes": []})") ==
        "Inline Route: /a*, /b; a/b ");
  CHECK(to("") == "Inline Route: ");
  CHECK(to(R"({"domains": ["*"], "routes": [{"match": {"connect_matcher": {}}}]})") ==
        "Inline Route: ");
}

TEST_CASE("listeners: types, and chains in the neighbour's order") {
  const auto row = active(R"({"filter_chains": [{"filters": [)" + tcp(R"({"cluster": "a"})") +
                          R"(]}], "default_filter_chain": {"filters": [)" +
                          http(R"({"rds": {"route_config_name": "80"}})") + "]}}");
  CHECK(row.type == "HTTP+TCP");
  REQUIRE(row.chains.size() == 2);
  CHECK(row.chains[0].destination == "Route: 80");
  CHECK(active("{}").type == "UNKNOWN");
  CHECK(active(R"({"filter_chains": [{"filters": [)" + tcp(R"({"cluster": "BlackHoleCluster"})") +
               "]}]}")
            .type == "UNKNOWN");
}

TEST_CASE("listeners: istiod's camelCase is read as well, and what is private is hidden") {
  const auto row = active(
      R"({"trafficDirection": "INBOUND", "address": {"socketAddress": {"address": "0.0.0.0", "portValue": 80}},
          "filterChains": [{"filterChainMatch": {"destinationPort": 80}, "filters": [{"name": "envoy.filters.network.tcp_proxy",
          "typedConfig": {"cluster": "a"}}], "transportSocket": {"privateKey": {"inlineString": "hunter2"}}}]})");
  CHECK(row.direction == "INBOUND");
  CHECK(row.port == 80);
  REQUIRE(row.chains.size() == 1);
  CHECK(row.chains[0].match == "Addr: *:80");
  CHECK(row.chains[0].destination == "Cluster: a");
  CHECK(row.config.find("hunter2") == std::string::npos);
}

TEST_CASE("listeners: no shape of JSON is a problem") {
  for (const char* odd :
       {"null", "7", "\"x\"", "[]", "[[]]", "{}", R"({"address": 1})", R"({"filter_chains": {}})",
        R"({"filter_chains": [null, 1, {"filters": "x", "filter_chain_match": []}]})",
        R"({"default_filter_chain": [], "additional_addresses": [1, {}], "name": {}})",
        R"({"address": {"socket_address": {"port_value": "x"}}})"})
    CHECK(active(odd).port == 0);
  CHECK(read(R"("dynamic_listeners": {"a": 1}, "static_listeners": [null, 7, []])").size() == 3);
}

}  // namespace aksmesh::test
