// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <doctest/doctest.h>

#include "envoy/eds.hpp"
#include "support/dump_rows.hpp"

namespace aksmesh::test {
namespace {

using envoy::Columns;
using envoy::EndpointRow;

std::vector<EndpointRow> read(const std::string& text) {
  std::vector<EndpointRow> out;
  read_entries(text, envoy::kEndpointLists, [&](const envoy::DumpEntry& entry) {
    envoy::take_endpoints(entry, Columns::all, [&](EndpointRow&& row, const envoy::Value&) {
      out.push_back(std::move(row));
    });
  });
  return out;
}

std::vector<EndpointRow> hosts(const std::string& list) {
  return read(R"({"cluster_statuses": [{"name": "c", "host_statuses": )" + list + "}]}");
}

std::vector<EndpointRow> assigned(const std::string& groups) {
  return read(section_text(
      envoy::kEndpointSection,
      R"("dynamic_endpoint_configs": [{"endpoint_config": {"cluster_name": "c", "endpoints": )" +
          groups + "}}]"));
}

std::vector<std::string> first_cells(const report::Table& table) {
  std::vector<std::string> out;
  for (const auto& row : table.rows) {
    CHECK(row.size() == table.columns.size());
    out.push_back(row.front());
  }
  return out;
}

}  // namespace

TEST_CASE("endpoint: addresses of every kind, sorted as text and number") {
  auto rows = hosts(R"([
    {"address": {"pipe": {"path": "./b"}}},
    {"address": {"socket_address": {"address": "10.0.0.2", "port_value": 80}}},
    {"address": {"socket_address": {"address": "10.0.0.2", "port_value": 9}}},
    {"address": {"socket_address": {"address": "10.0.0.10"}}},
    {"address": {"socket_address": {"address": "fd00::1", "port_value": "443"}}},
    {"address": {"envoy_internal_address": {"server_listener_name": "l", "endpoint_id": "1:2"}}},
    {"address": {"socket_address": 7}}, {}, null, "x"])");
  envoy::sort_endpoints(rows);
  const std::vector<std::string> expected{
      "10.0.0.10",  "10.0.0.2:9", "10.0.0.2:80", "envoy://l/1:2", "fd00::1:443",
      "unix://./b", "unknown",    "unknown",     "unknown",       "unknown"};
  // What is no address is the same for all.
  CHECK(first_cells(envoy::endpoint_table(rows, Columns::all)) == expected);
}

TEST_CASE("endpoint: health, and what is wrong with it") {
  const auto rows = hosts(R"([
    {"health_status": {"eds_health_status": "HEALTHY", "failed_outlier_check": true,
                       "failed_active_health_check": true, "active_hc_timeout": false},
     "stats": [{"name": "cx_active", "value": "3"}, {"name": "rq_total"}, {"name": 7}, null],
     "weight": 5, "locality": {"region": "r", "sub_zone": "s"}, "hostname": "h"},
    {"health_status": {}}, {"health_status": "HEALTHY", "weight": "x", "stats": {}}])");
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].outlier == EndpointRow::Outlier::failed);
  CHECK(rows[0].details->health ==
        std::vector<std::string>{"failed_outlier_check", "failed_active_health_check"});
  CHECK(rows[0].details->active_connections == 3);
  CHECK(rows[0].details->requests == 0);
  CHECK(!rows[0].details->active_requests);
  CHECK(rows[0].details->locality == "r");
  CHECK(rows[1].status == "UNKNOWN");
  CHECK(envoy::word_of(rows[1].outlier) == "OK");
  CHECK(rows[2].status == "UNKNOWN");
  CHECK(!rows[2].details->weight);
}

TEST_CASE("endpoint: without details where nobody asks") {
  read_entries(R"({"cluster_statuses": [{"name": "c", "host_statuses": [{}]}]})",
               envoy::kEndpointLists, [](const envoy::DumpEntry& entry) {
                 envoy::take_endpoints(
                     entry, Columns::usual, [](EndpointRow&& row, const envoy::Value&) {
                       CHECK(!row.details);
                       CHECK(envoy::endpoint_table({}, Columns::usual).columns.size() == 4);
                     });
               });
}

TEST_CASE("endpoint: a configuration dump does not tell the outlier check") {
  const auto rows =
      assigned(R"([{"locality": {"region": "r", "zone": "z"}, "priority": 1, "lb_endpoints": [
    {"endpoint": {"address": {"socket_address": {"address": "10.0.0.1", "port_value": 80}},
                  "additional_addresses": [{"address": {"socket_address": {"address": "fd00::1", "port_value": 80}}}]},
     "health_status": "DRAINING", "load_balancing_weight": 2,
     "metadata": {"filter_metadata": {"istio": {"workload": "web;shop;web;v1;Kubernetes"},
                                      "envoy.transport_socket_match": {"tlsMode": "istio"}}}},
    {"endpoint_name": "x"}]}, {"lb_endpoints": {}}, {}])");
  REQUIRE(rows.size() == 2);
  CHECK(envoy::word_of(rows[0].outlier) == "UNKNOWN");
  CHECK(rows[0].status == "DRAINING");
  CHECK(rows[0].details->workload == "web.shop");
  CHECK(rows[0].details->tls_mode == "istio");
  CHECK(rows[0].details->priority == 1);
  CHECK(envoy::eds_name(rows[0]) == "10.0.0.1:80,fd00::1:80");
  CHECK(envoy::eds_name(rows[1]) == "unknown");
  const auto table = envoy::eds_table(rows, Columns::usual);
  CHECK(table.rows[0] ==
        std::vector<std::string>{"10.0.0.1:80,fd00::1:80", "DRAINING", "r/z", "c"});
}

TEST_CASE("endpoint: those in the configuration of a cluster") {
  const auto rows = read(section_text("ClustersConfigDump", R"("static_clusters": [
    {"cluster": {"name": "agent", "load_assignment": {"cluster_name": "other", "endpoints":
      [{"lb_endpoints": [{"endpoint": {"address": {"pipe": {"path": "./p"}}}}]}]}}}],
    "dynamicActiveClusters": [{"cluster": {"name": "d", "loadAssignment": {"endpoints":
      [{"lbEndpoints": [{"endpoint": {"address": {"socketAddress": {"address": "h", "portValue": 1}}}}]}]}}},
      {"cluster": []}, 7])"));
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].cluster == "agent");
  CHECK(rows[0].is_of_cluster);
  CHECK(envoy::eds_name(rows[0]) == "./p");
  CHECK(envoy::eds_name(rows[1]) == "h:1");
}

TEST_CASE("eds: sorted as clusters are, the endpoints of one as they came") {
  auto rows = read(section_text(envoy::kEndpointSection, R"("static_endpoint_configs": [
    {"endpoint_config": {"cluster_name": "outbound|80||b.shop", "endpoints": [{"lb_endpoints":
      [{"endpoint": {"address": {"pipe": {"path": "2"}}}}, {"endpoint": {"address": {"pipe": {"path": "1"}}}}]}]}},
    {"endpoint_config": {"cluster_name": "outbound|9||a.shop", "endpoints": [{"lb_endpoints": [{}]}]}},
    {"endpoint_config": {"cluster_name": "agent", "endpoints": [{"lb_endpoints": [{}]}]}},
    {"endpoint_config": {"cluster_name": "outbound|10||a.shop", "endpoints": [{"lb_endpoints": [{}]}]}},
    {"endpoint_config": {"cluster_name": "empty"}}])"));
  envoy::sort_eds(rows);
  std::vector<std::string> clusters;
  for (const auto& row : rows) clusters.push_back(row.cluster);
  CHECK(clusters == std::vector<std::string>{"outbound|9||a.shop", "outbound|10||a.shop", "agent",
                                             "outbound|80||b.shop", "outbound|80||b.shop"});
  CHECK(envoy::eds_name(rows[3]) == "2");
}

TEST_CASE("endpoint: hostile text is made visible") {
  const auto rows = hosts(R"([{"address": {"pipe": {"path": "\u001b[2J"}}, "hostname": "\n",
                               "health_status": {"eds_health_status": "\u202e", "\u0007": true}}])");
  const auto table = envoy::endpoint_table(rows, Columns::all);
  for (const auto& cell : table.rows.front())
    for (const char c : cell) CHECK(static_cast<unsigned char>(c) >= 0x20);
}

}  // namespace aksmesh::test
