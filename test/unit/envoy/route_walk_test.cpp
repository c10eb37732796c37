// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <doctest/doctest.h>

#include "base/strings.hpp"
#include "envoy/route_walk.hpp"
#include "support/dump_rows.hpp"

namespace aksmesh::test {
namespace {

using envoy::RouteAnswer;
using envoy::RouteEnd;

std::string section(const std::string& type, const std::string& members) {
  return R"({"@type": "type.googleapis.com/envoy.admin.v3.)" + type + "\", " + members + '}';
}

/// What a dump says of a request.
RouteAnswer walk(const std::string& sections, const std::string& url) {
  auto request = envoy::parse_request_url(url);
  REQUIRE(request);
  envoy::RouteWalk out(std::move(*request), "shop");
  int passes = 0;
  while (!out.wanted().empty()) {
    REQUIRE(++passes <= 3);
    const auto facts = read_entries(R"({"configs": [)" + sections + "]}", out.wanted(),
                                    [&](const envoy::DumpEntry& entry) { out.take(entry); });
    out.next(facts);
  }
  return out.answer();
}

std::string listener(const std::string& address, int port, const std::string& filter,
                     const std::string& more = {}) {
  return R"({"name": "l", "active_state": {"listener": {"name": ")" + address + '_' +
         std::to_string(port) + R"(", "address": {"socket_address": {"address": ")" + address +
         R"(", "port_value": )" + std::to_string(port) + R"(}}, "filter_chains": [{"filters": [)" +
         filter + "]}]" + more + "}}}";
}

std::string http(const std::string& config) {
  return R"({"name": "envoy.filters.network.http_connection_manager", "typed_config": )" + config +
         '}';
}

std::string tcp(const std::string& config) {
  return R"({"name": "envoy.filters.network.tcp_proxy", "typed_config": )" + config + '}';
}

std::string listeners(const std::string& all) {
  return section("ListenersConfigDump", R"("dynamic_listeners": [)" + all + ']');
}

/// A dump whose only route configuration sends everything through these routes.
RouteAnswer route(const std::string& routes, const std::string& url = "http://a:80/x") {
  return walk(
      listeners(listener("0.0.0.0", 80, http(R"({"rds": {"route_config_name": "80"}})"))) + ',' +
          section("RoutesConfigDump",
                  R"("dynamic_route_configs": [{"route_config": {"name": "80", "virtual_hosts":
                             [{"name": "v", "domains": ["*"], "routes": [)" +
                      routes + "]}]}}]"),
      url);
}

std::string result(const RouteAnswer& answer, const std::string& kind) {
  for (const auto& step : answer.steps)
    if (step.kind == kind) return step.result;
  return "no such step";
}

std::string clusters(const RouteAnswer& answer) {
  std::vector<std::string> out;
  for (const auto& one : answer.targets) out.push_back(one.cluster);
  return join(out, " ");
}

const std::string kAny = R"("match": {"prefix": "/"})";

}  // namespace

TEST_CASE("route walk: the listener of the address, then any, then that of what was redirected") {
  const auto all = listeners(
      listener("10.0.0.1", 70, tcp(R"({"cluster": "outbound|70||a.shop.svc.cluster.local"})")) +
      ',' +
      listener("10.0.0.2", 70, tcp(R"({"cluster": "outbound|70||a.pay.svc.cluster.local"})")) +
      ',' + listener("0.0.0.0", 70, tcp(R"({"cluster": "any"})")) + ',' +
      listener("0.0.0.0", 15001, tcp(R"({"cluster": "PassthroughCluster"})"),
               R"(, "use_original_dst": true)") +
      ',' +
      listener("0.0.0.0", 15006, tcp(R"({"cluster": "in"})"),
               R"(, "traffic_direction": "INBOUND", "use_original_dst": true)"));
  CHECK(result(walk(all, "tcp://a:70"), "listener") == "10.0.0.1_70");
  CHECK(result(walk(all, "tcp://a.pay:70"), "listener") == "10.0.0.2_70");
  CHECK(result(walk(all, "tcp://10.0.0.2:70"), "listener") == "10.0.0.2_70");
  CHECK(result(walk(all, "tcp://b:70"), "listener") == "0.0.0.0_70");
  CHECK(clusters(walk(all, "tcp://b:71")) == "PassthroughCluster");
  CHECK(walk(listeners(listener("0.0.0.0", 80, tcp("{}"))), "tcp://b:71").end.sort ==
        RouteEnd::Sort::refused);
}

TEST_CASE("route walk: routes in their order, and 404 where none takes it") {
  const std::string first = R"({"match": {"path": "/x"}, "route": {"cluster": "one"}})";
  const std::string second = "{" + kAny + R"(, "route": {"cluster": "two"}})";
  CHECK(clusters(route(first + ',' + second)) == "one");
  CHECK(clusters(route(first + ',' + second, "http://a:80/y")) == "two");
  const auto none = route(first, "http://a:80/y");
  CHECK(none.end.status == 404);
  CHECK(none.targets.empty());
}

TEST_CASE("route walk: a route for a part of the requests leaves the way undecided") {
  const auto answer = route(
      R"({"match": {"prefix": "/", "runtime_fraction": {"default_value": {"numerator": 30}}}, "route":
          {"cluster": "one"}}, {)" +
      kAny + R"(, "route": {"cluster": "two"}})");
  CHECK_FALSE(answer.is_decided);
  CHECK(clusters(answer) == "two");
}

TEST_CASE("route walk: weights are shares, those of 0 are left out") {
  const auto answer =
      route("{" + kAny +
            R"(, "route": {"weighted_clusters": {"clusters": [{"name": "a", "weight": 1},
                              {"name": "b", "weight": 3}, {"name": "c", "weight": 0}, {"name": "d"}]}}})");
  CHECK(clusters(answer) == "a b");
  CHECK(answer.targets.back().share == 75);
}

TEST_CASE("route walk: redirects") {
  const auto location = [](const std::string& redirect, const std::string& url,
                           const std::string& match = kAny) {
    return route("{" + match + R"(, "redirect": )" + redirect + '}', url).end.location;
  };
  CHECK(location(R"({"https_redirect": true})", "http://a:80/x?y") == "https://a/x?y");
  CHECK(location(R"({"path_redirect": "/z"})", "http://a:80/x?y") == "http://a/z?y");
  CHECK(location(R"({"path_redirect": "/z?w"})", "http://a:80/x?y") == "http://a/z?w");
  CHECK(location(R"({"host_redirect": "b", "port_redirect": 81})", "http://a:80/x") ==
        "http://b:81/x");
  CHECK(location(R"({"prefix_rewrite": "/z", "strip_query": true})", "http://a:80/x/w?y",
                 R"("match": {"prefix": "/x"})") == "http://a/z/w");
  CHECK(
      location(
          R"({"host_redirect": "b:81", "port_redirect": 82, "path_redirect": "/z?w", "strip_query": true})",
          "http://a:80/x?y") == "http://b:81:82/z?w");
  CHECK(location(R"({"host_redirect": "b:80", "https_redirect": true})", "http://a:80/x") ==
        "https://b:80/x");
  CHECK(route("{" + kAny + R"(, "redirect": {}})").end.status == 301);
  CHECK(route("{" + kAny + R"(, "redirect": {"response_code": "SEE_OTHER"}})").end.status == 303);
}

TEST_CASE("route walk: faults that always happen end the way, others leave it undecided") {
  const auto fault = [](const std::string& percent) {
    return route(
        "{" + kAny +
        R"(, "route": {"cluster": "one"}, "typed_per_filter_config": {"envoy.filters.http.fault":
                   {"abort": {"http_status": 555, "percentage": {"numerator": )" +
        percent + R"(, "denominator": "MILLION"}}}}})");
  };
  CHECK(fault("1000000").end.status == 555);
  CHECK(fault("1000000").is_decided);
  CHECK(clusters(fault("1000")) == "one");
  CHECK_FALSE(fault("1000").is_decided);
  CHECK(fault("0").is_decided);
  CHECK(result(fault("0"), "fault") == "no such step");
}

TEST_CASE("route walk: what a route changes and how long it waits") {
  const auto answer = route(
      R"({"match": {"prefix": "/x"}, "route": {"cluster": "one", "prefix_rewrite": "/z", "timeout": "3s",
          "retry_policy": {"num_retries": 2, "retry_on": "5xx"}}})",
      "http://a:80/xy?q");
  CHECK(result(answer, "rewrite") == "the path becomes /zy?q");
  CHECK(result(answer, "timeout") == "3s");
  CHECK(result(answer, "retries") == "2 retries");
}

TEST_CASE("route walk: what a host or a part of the clusters changes is told, too") {
  const auto answer = route(
      "{" + kAny +
      R"(, "route": {"host_rewrite_header": "x-host", "weighted_clusters": {"clusters": [{"name": "a",
          "weight": 1, "request_headers_to_add": [{"header": {"key": "k", "value": "v"}}]}]}}})");
  CHECK(result(answer, "rewrite") == "the host becomes what the header x-host says");
  for (const auto& step : answer.steps)
    if (step.kind == "rewrite") CHECK(step.notes == std::vector<std::string>{"header k: v, for a"});
}

TEST_CASE("route walk: a virtual host that wants TLS keeps the port of the request") {
  const auto answer = walk(
      listeners(listener(
          "0.0.0.0", 8080,
          http(
              R"({"route_config": {"virtual_hosts": [{"domains": ["*"], "require_tls": "ALL"}]}})"))),
      "http://a:8080/x");
  CHECK(answer.end.location == "https://a:8080/x");
}

TEST_CASE("route walk: a preflight request of CORS ends at the proxy where its origin is allowed") {
  const auto preflight = [](const std::string& origin, const std::string& more = {}) {
    auto request = envoy::parse_request_url("http://a:80/x");
    REQUIRE(request);
    request->method = "OPTIONS";
    request->headers = {{"origin", origin}, {"access-control-request-method", "PUT"}};
    envoy::RouteWalk out(std::move(*request), "shop");
    const auto dump = listeners(listener(
        "0.0.0.0", 80,
        http(
            R"({"route_config": {"virtual_hosts": [{"domains": ["*"], "routes": [{"match": {"prefix": "/"},
               "route": {"cluster": "one"}, "typed_per_filter_config": {"envoy.filters.http.cors":
               {"allow_origin_string_match": [{"exact": "https://ok"}])" +
            more + "}}}]}]}}")));
    while (!out.wanted().empty())
      out.next(read_entries(R"({"configs": [)" + dump + "]}", out.wanted(),
                            [&](const envoy::DumpEntry& entry) { out.take(entry); }));
    return out.answer();
  };
  CHECK(preflight("https://ok").end.status == 200);
  CHECK(result(preflight("https://ok"), "cors") == "the proxy answers itself");
  CHECK(clusters(preflight("https://no")) == "one");
  CHECK(preflight("https://no", R"(, "forward_not_matching_preflights": false)").end.status == 200);
}

TEST_CASE("route walk: a cluster that is missing, and clusters that could not be looked at") {
  const std::string to_one =
      "{" + kAny +
      R"(, "route": {"cluster": "one", "cluster_not_found_response_code": "INTERNAL_SERVER_ERROR"}})";
  const auto dump = [&](const std::string& more) {
    return listeners(listener(
               "0.0.0.0", 80,
               http(R"({"route_config": {"virtual_hosts": [{"domains": ["*"], "routes": [)" +
                    to_one + "]}]}}"))) +
           more;
  };
  const auto missing =
      walk(dump(',' + section("ClustersConfigDump", R"("static_clusters": [])")), "http://a:80/");
  CHECK(missing.end.status == 500);
  CHECK(missing.targets.front().is_known == false);
  const auto unseen = walk(dump(""), "http://a:80/");
  CHECK(unseen.end.sort == RouteEnd::Sort::forwarded);
  CHECK_FALSE(unseen.targets.front().is_known);
}

TEST_CASE("route walk: route configurations that could not be looked at are not missing ones") {
  const auto listens =
      listeners(listener("0.0.0.0", 80, http(R"({"rds": {"route_config_name": "80"}})")));
  const auto unseen = walk(listens, "http://a:80/");
  CHECK(unseen.end.sort == RouteEnd::Sort::unknown);
  CHECK_FALSE(unseen.is_decided);
  const auto missing =
      walk(listens + ',' + section("RoutesConfigDump", R"("dynamic_route_configs": [])"),
           "http://a:80/");
  CHECK(missing.end.status == 404);
  CHECK(missing.is_decided);
}

TEST_CASE("route walk: where nothing listens, the ports where something does are told") {
  const auto answer = walk(
      listeners(listener("0.0.0.0", 8080, tcp("{}")) + ',' + listener("0.0.0.0", 8443, tcp("{}"))),
      "http://a:80/");
  CHECK(answer.end.sort == RouteEnd::Sort::refused);
  CHECK(answer.steps.front().notes.back() == "it listens at 8080, 8443; --listener-port names one");
}

TEST_CASE("route walk: endpoints, their health and how they are spoken to") {
  const std::string cluster =
      R"({"name": "one", "type": "EDS", "transport_socket_matches": [{"match":
      {"tlsMode": "istio"}, "transport_socket": {"name": "envoy.transport_sockets.tls", "typed_config":
      {"sni": "s", "common_tls_context": {"tls_certificate_sds_secret_configs": [{"name": "default"}],
      "combined_validation_context": {}}}}}, {"match": {}, "transport_socket": {"name": "raw"}}]})";
  const auto endpoint = [](const std::string& address, const std::string& health,
                           const std::string& mode) {
    return R"({"endpoint": {"address": {"socket_address": {"address": ")" + address +
           R"(", "port_value": 1}}}, "health_status": ")" + health +
           R"(", "metadata": {"filter_metadata": {"envoy.transport_socket_match": {"tlsMode": ")" +
           mode + R"("}}}})";
  };
  const auto dump = [&](const std::string& groups) {
    return listeners(listener("0.0.0.0", 80, tcp(R"({"cluster": "one"})"))) + ',' +
           section("ClustersConfigDump",
                   R"("dynamic_active_clusters": [{"cluster": )" + cluster + "}]") +
           ',' +
           section("EndpointsConfigDump",
                   R"("dynamic_endpoint_configs": [{"endpoint_config": {"cluster_name": "one",
                      "endpoints": [)" +
                       groups + "]}}]");
  };
  const auto good = walk(
      dump(R"({"lb_endpoints": [)" + endpoint("10.0.0.1", "HEALTHY", "istio") + ',' +
           endpoint("10.0.0.2", "UNHEALTHY", "istio") + R"(]}, {"priority": 1, "lb_endpoints": [)" +
           endpoint("10.0.0.3", "HEALTHY", "disabled") + "]}"),
      "tcp://a:80");
  CHECK(result(good, "endpoints") == "10.0.0.1:1");
  CHECK(result(good, "tls") == "istio mutual");
  CHECK(good.targets.front().server_name == "s");
  CHECK(good.end.sort == RouteEnd::Sort::forwarded);
  const auto plain =
      walk(dump(R"({"lb_endpoints": [)" + endpoint("10.0.0.3", "HEALTHY", "disabled") + "]}"),
           "tcp://a:80");
  CHECK(result(plain, "tls") == "none");
  const auto bad =
      walk(dump(R"({"lb_endpoints": [)" + endpoint("10.0.0.2", "UNHEALTHY", "istio") + "]}"),
           "tcp://a:80");
  CHECK(bad.end.sort == RouteEnd::Sort::refused);
}

TEST_CASE("route walk: what a VirtualService does with connections is no proof of whose they are") {
  const auto moved = [](const std::string& address, const std::string& cluster) {
    return R"({"active_state": {"listener": {"name": ")" + address +
           R"(", "address": {"socket_address": {"address": ")" + address +
           R"(", "port_value": 70}}, "filter_chains": [{"metadata": {"filter_metadata": {"istio":
             {"config": "/apis/g/v1/namespaces/shop/virtual-service/v"}}}, "filters": [)" +
           tcp(R"({"cluster": ")" + cluster + "\"}") + "]}]}}}";
  };
  const auto direct =
      listener("10.0.0.1", 70, tcp(R"({"cluster": "outbound|70||a.shop.svc.cluster.local"})"));
  const auto other = moved("10.0.0.2", "outbound|70||a.shop.svc.cluster.local");
  const auto any = listener("0.0.0.0", 70, tcp(R"({"cluster": "any"})"));
  const auto sure = walk(listeners(other + ',' + direct), "tcp://a:70");
  CHECK(sure.is_decided);
  CHECK(result(sure, "listener") == "10.0.0.1_70");
  const auto perhaps = walk(listeners(other + ',' + any), "tcp://a:70");
  CHECK_FALSE(perhaps.is_decided);
  CHECK(result(perhaps, "listener") == "10.0.0.2");
  const auto unclear = walk(listeners(other + ',' + any), "tcp://b:70");
  CHECK_FALSE(unclear.is_decided);
  CHECK(clusters(unclear) == "any");
  CHECK(walk(listeners(other + ',' + any), "tcp://10.0.0.3:70").is_decided);
}

TEST_CASE("route walk: a gateway ends TLS by the name of the server") {
  const std::string chain =
      R"({"filter_chain_match": {"server_names": ["a.example.com"]}, "transport_socket": {"name":
          "envoy.transport_sockets.tls", "typed_config": {"require_client_certificate": true}}, "filters": [)" +
      http(
          R"({"route_config": {"virtual_hosts": [{"domains": ["*"], "routes": [{"match": {"prefix": "/"},
               "route": {"cluster": "one"}}]}]}})") +
      "]}";
  const auto gateway = listeners(
      R"({"active_state": {"listener": {"name": "g", "address": {"socket_address": {"address": "0.0.0.0",
          "port_value": 443}}, "listener_filters": [{"name": "envoy.filters.listener.tls_inspector"}],
          "filter_chains": [)" +
      chain + "]}}}");
  CHECK(clusters(walk(gateway, "https://a.example.com/")) == "one");
  CHECK(walk(gateway, "https://b.example.com/").end.sort == RouteEnd::Sort::refused);
  CHECK(walk(gateway, "http://a.example.com:443/").end.sort == RouteEnd::Sort::refused);
}

TEST_CASE("route walk: filters that may do anything are told, those that do nothing are not") {
  const auto answer = walk(
      listeners(listener(
          "0.0.0.0", 80,
          http(
              R"({"route_config": {}, "http_filters": [{"name": "envoy.filters.http.rbac"}, {"name":
                 "envoy.filters.http.lua", "disabled": true}, {"name": "envoy.filters.http.router"}]})"))),
      "http://a:80/");
  CHECK(result(answer, "filter") == "envoy.filters.http.rbac");
  CHECK(std::count_if(answer.steps.begin(), answer.steps.end(),
                      [](const envoy::RouteStep& step) { return step.kind == "filter"; }) == 1);
}

TEST_CASE("route walk: of sections of one type the last one counts") {
  const auto answer = walk(listeners(listener("0.0.0.0", 80, tcp(R"({"cluster": "old"})"))) + ',' +
                               listeners(listener("0.0.0.0", 80, tcp(R"({"cluster": "new"})"))),
                           "tcp://a:80");
  CHECK(clusters(answer) == "new");
}

TEST_CASE("route walk: odd shapes end it, and nothing else happens") {
  for (const char* odd : {"{}", "[]", "1", "null", "\"x\"", R"({"routes": 1, "domains": ["*"]})",
                          R"({"domains": ["*"], "routes": [1, {}, {"match": []}]})"}) {
    const auto answer = walk(listeners(listener("0.0.0.0", 80,
                                                http(R"({"route_config": {"virtual_hosts": [)" +
                                                     std::string(odd) + "]}}"))),
                             "http://a:80");
    CHECK(answer.targets.empty());
  }
}

}  // namespace aksmesh::test
