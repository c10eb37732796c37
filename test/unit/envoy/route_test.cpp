// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <doctest/doctest.h>

#include "envoy/route.hpp"
#include "support/dump_rows.hpp"

namespace aksmesh::test {
namespace {

using envoy::RouteRow;

std::vector<RouteRow> read(const std::string& lists) {
  std::vector<RouteRow> out;
  read_entries(section_text(envoy::kRouteSection, lists), envoy::kRouteLists,
               [&](const envoy::DumpEntry& entry) { out.push_back(envoy::route_row(entry)); });
  return out;
}

/// The only route of a configuration.
envoy::Route route(const std::string& text) {
  const auto rows =
      read(R"("dynamic_route_configs": [{"route_config": {"virtual_hosts": [{"routes": [)" + text +
           "]}]}}]");
  REQUIRE(rows.size() == 1);
  REQUIRE(rows[0].hosts.size() == 1);
  REQUIRE(rows[0].hosts[0].routes.size() == 1);
  return rows[0].hosts[0].routes[0];
}

envoy::Route matching(const std::string& match) {
  return route(R"({"match": )" + match + '}');
}

}  // namespace

TEST_CASE("routes: paths in the neighbour's form") {
  CHECK(matching(R"({"prefix": "/"})").match == "/*");
  CHECK(matching(R"({"path_separated_prefix": "/a"})").match == "PathPrefix:/a");
  CHECK(matching(R"({"path": "/a"})").match == "/a");
  CHECK(matching(R"({"safe_regex": {"regex": "/v[12]"}})").match == "regex /v[12]");
  CHECK(matching(R"({"connect_matcher": {}})").match.empty());
  CHECK(matching(R"({"path": 7})").match.empty());
}

TEST_CASE("routes: what else is wanted") {
  const auto wants = [](const std::string& match) { return matching(match).conditions; };
  const auto header = [&](const std::string& one) {
    return wants(R"({"headers": [{"name": "h", )" + one + "}]}");
  };
  CHECK(wants("{}").empty());
  CHECK(header(R"("string_match": {"exact": "jason"})") == "h=jason");
  CHECK(header(R"("string_match": {"prefix": "a"})") == "h=a*");
  CHECK(header(R"("string_match": {"suffix": "a"})") == "h=*a");
  CHECK(header(R"("string_match": {"contains": "a"})") == "h=*a*");
  CHECK(header(R"("string_match": {"safe_regex": {"regex": "a+"}})") == "h~a+");
  CHECK(header(R"("exact_match": "a", "invert_match": true)") == "not h=a");
  CHECK(header(R"("safe_regex_match": {"regex": "b"})") == "h~b");
  CHECK(header(R"("present_match": true)") == "has h");
  CHECK(header(R"("present_match": false)") == "no h");
  CHECK(header(R"("present_match": true, "invert_match": true)") == "not has h");
  CHECK(header(R"("range_match": {"start": "1", "end": "5"})") == "h from 1 below 5");
  CHECK(wants(R"({"headers": [{"name": ":method", "string_match": {"exact": "GET"}}],
                  "query_parameters": [{"name": "v", "string_match": {"exact": "2"}}]})") ==
        ":method=GET, ?v=2");
  CHECK(wants(R"({"connect_matcher": {}})") == "CONNECT");
  CHECK(wants(R"({"grpc": {}, "case_sensitive": false})") == "any case, gRPC");
  CHECK(wants(R"({"case_sensitive": true})").empty());
  CHECK(wants(R"({"runtime_fraction": {"default_value": {"numerator": 5}}})") ==
        "5/100 of requests");
  CHECK(wants(R"({"headers": [7, {}], "query_parameters": "x"})") == "has , has ");
}

TEST_CASE("routes: where they lead") {
  const auto to = [](const std::string& action) { return route('{' + action + '}').destination; };
  CHECK(to(R"("route": {"cluster": "a"})") == "a");
  CHECK(to(R"("route": {"weighted_clusters": {"clusters": [{"name": "a", "weight": 90},
              {"name": "b", "weight": 10}, {}]}})") == "a 90, b 10, named by header  0");
  CHECK(to(R"("route": {"cluster_header": "x-to"})") == "named by header x-to");
  CHECK(to(R"("redirect": {"https_redirect": true})") == "redirect 301 https://");
  CHECK(
      to(R"("redirect": {"host_redirect": "b.example", "port_redirect": 8443, "path_redirect": "/x",
              "response_code": "TEMPORARY_REDIRECT"})") == "redirect 307 b.example:8443/x");
  CHECK(to(R"("direct_response": {"status": 503})") == "answer 503");
  CHECK(to(R"("route": {})").empty());
  CHECK(to("").empty());
  CHECK(route(R"({"route": {"cluster": "PassthroughCluster", "timeout": "0s"}})").passes_through);
  CHECK(route(R"({"route": {"cluster": "a", "timeout": "0.250s"}})").timeout == "0.250s");
}

TEST_CASE("routes: of many domains few are shown") {
  using envoy::short_domains;
  CHECK(short_domains({}).empty());
  CHECK(short_domains({"a:80"}) == "a:80");
  CHECK(short_domains({"a.shop.svc.cluster.local", "a.shop.svc", "a.shop", "a", "10.0.0.1"}) ==
        "a.shop, a + 1 more...");
  CHECK(short_domains({"b.svc.cluster.local", "c.svc"}) == "b.svc.cluster.local, c.svc");
  CHECK(short_domains({"a", "a:80", "[fd00:10::1]", "[fd00:10::1]:80"}) == "a, [fd00:10::1]");
  CHECK(short_domains({"[::1]", "a:80"}).empty());  // as the neighbour counts colons
}

TEST_CASE("routes: ports in their order, then names") {
  auto rows = read(
      R"("dynamic_route_configs": [{"route_config": {"name": "http.80"}}, {"route_config": {"name": "9080"}},
    {"route_config": {"name": "80"}, "error_state": {"details": "duplicate domain"}, "last_updated": "2026-01-01T00:00:00Z"}],
    "static_route_configs": [{"route_config": {}}])");
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return comes_before(a, b); });
  std::string names;
  for (const auto& row : rows) names += row.name + ' ' + std::string(word_of(row.state)) + ';';
  CHECK(names == "80 ACTIVE;9080 ACTIVE; STATIC;http.80 ACTIVE;");
  CHECK(rows[0].error == "duplicate domain");
}

TEST_CASE("routes: no shape of JSON is a problem") {
  const auto rows = read(
      R"("dynamic_route_configs": [null, 7, [], {"route_config": []}, {"route_config": {"virtual_hosts": [1, {"domains": 2,
      "routes": [3, {"match": [], "route": 4, "redirect": 5, "metadata": "x"}]}]}}], "static_route_configs": {})");
  CHECK(rows.size() == 6);
}

}  // namespace aksmesh::test
