// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "istio/validation/envoy_types.hpp"
#include "unit/istio/rule_table.hpp"

namespace aksmesh::test {
namespace {

const std::string kAlways = "W EF-01 kind";
const std::string kEntry = "spec.configPatches[0]";
const std::string kFilter = kEntry + ".match.listener.filterChain.filter";
const std::string kValue = kEntry + ".patch.value";

std::string patches(const std::string& entry) {
  return "{configPatches: [" + entry + "]}";
}
std::string match(const std::string& apply_to, const std::string& match) {
  return patches("{applyTo: " + apply_to + ", match: {" + match + "}, patch: {operation: REMOVE}}");
}
std::string filter(const std::string& apply_to, const std::string& filter) {
  return match(apply_to, "listener: {filterChain: {filter: {" + filter + "}}}");
}
std::string value(const std::string& apply_to, const std::string& value) {
  return patches("{applyTo: " + apply_to + ", patch: {operation: MERGE, value: {" + value + "}}}");
}
std::string config(const std::string& type, const std::string& fields) {
  return value("HTTP_FILTER", "name: a, typed_config: {'@type': type.googleapis.com/" + type +
                                  (fields.empty() ? "" : ", " + fields) + "}");
}

/// Rows whose problems come after the warning that every EnvoyFilter gets.
void check(std::vector<RuleRow> rows) {
  for (auto& row : rows) row.problems.push_back(kAlways);
  check_rules("EnvoyFilter", rows);
}

}  // namespace

TEST_CASE("validation: EnvoyFilter, parts of a patch") {
  check_rules("EnvoyFilter",
              {{"{workloadSelector: {labels: {a: '*'}}, configPatches: [null]}",
                {"SEL-02 spec.workloadSelector.labels.a"}},
               {"{workloadSelector: {}}", {kAlways, "W SEL-03 spec.workloadSelector"}}});
  check({{"{}"},
         {patches("null"), {"EF-10 " + kEntry}},
         {patches("{}"), {"EF-10 " + kEntry + ".applyTo"}},
         {patches("{applyTo: INVALID}"), {"EF-10 " + kEntry + ".applyTo"}},
         {patches("{applyTo: CLUSTER}"), {"EF-10 " + kEntry + ".patch"}},
         {patches("{applyTo: CLUSTER, patch: {}}"), {"EF-10 " + kEntry + ".patch.operation"}},
         {patches("{applyTo: CLUSTER, patch: {operation: ADD}}"),
          {"EF-10 " + kEntry + ".patch.value"}},
         {match("CLUSTER", "proxy: {proxyVersion: '^1\\.28.*'}")},
         {match("CLUSTER", "proxy: {proxyVersion: '('}, listener: {}"),
          {"EF-10 " + kEntry + ".match.proxy.proxyVersion"}},
         {patches("{applyTo: OTHER, patch: {operation: MERGE, value: {a: b}}}")}});
}

TEST_CASE("validation: EnvoyFilter, what a patch matches") {
  const std::string manager = "name: envoy.filters.network.http_connection_manager";
  check({{match("LISTENER", "listener: {}")},
         {match("LISTENER", "context: ANY")},
         {match("HTTP_ROUTE", "routeConfiguration: {}")},
         {match("BOOTSTRAP", "cluster: {}")},
         {match("FILTER_CHAIN", "cluster: {}"), {"EF-11 " + kEntry + ".match.cluster"}},
         {match("VIRTUAL_HOST", "listener: {}"), {"EF-11 " + kEntry + ".match.listener"}},
         {match("CLUSTER", "routeConfiguration: {}"),
          {"EF-11 " + kEntry + ".match.routeConfiguration"}},
         {filter("LISTENER", "name: a"), {"W EF-11 " + kFilter}},
         {filter("FILTER_CHAIN", "name: a"), {"W EF-11 " + kFilter}},
         {filter("NETWORK_FILTER", ""), {"EF-11 " + kFilter + ".name"}},
         {filter("NETWORK_FILTER", "name: a, subFilter: {name: b}"),
          {"EF-11 " + kFilter + ".subFilter"}},
         {filter("HTTP_FILTER", "name: a, subFilter: {name: b}"),
          {"EF-11 " + kFilter + ".subFilter"}},
         {filter("HTTP_FILTER", manager + ", subFilter: {}"),
          {"EF-11 " + kFilter + ".subFilter.name"}},
         {filter("HTTP_FILTER", manager + ", subFilter: {name: envoy.filters.http.router}")},
         {filter("HTTP_FILTER",
                 "name: envoy.http_connection_manager, subFilter: {name: envoy.router}"),
          {"W EF-11 " + kFilter + ".name", "W EF-11 " + kFilter + ".subFilter.name"}}});
}

TEST_CASE("validation: EnvoyFilter, an error of the match ends the check of listeners only") {
  const std::string entry = ", patch: {operation: MERGE, value: {x: 1}}}";
  check({{patches("{applyTo: LISTENER, match: {cluster: {}}" + entry),
          {"EF-11 " + kEntry + ".match.cluster"}},
         {patches("{applyTo: CLUSTER, match: {listener: {}}" + entry),
          {"EF-11 " + kEntry + ".match.listener", "W EF-12 " + kValue + ".x"}}});
}

TEST_CASE("validation: EnvoyFilter, values of Envoy's types") {
  check({{value("CLUSTER",
                "connect_timeout: 5s, connectTimeout: 0.25s, lb_policy: RANDOM, type: 1, "
                "respect_dns_ttl: true, health_checks: [{timeout: 1s, interval: null}], "
                "max_requests_per_connection: '7', perConnectionBufferLimitBytes: 4.0")},
         {value("CLUSTER",
                "connect_timeout: 5, type: nope, lb_policy: true, respect_dns_ttl: 'yes', "
                "health_checks: {}, name: 1, max_requests_per_connection: -1, metadata: [], "
                "per_connection_buffer_limit_bytes: 4294967296"),
          {"EF-12 " + kValue + ".connect_timeout", "EF-12 " + kValue + ".type",
           "EF-12 " + kValue + ".lb_policy", "EF-12 " + kValue + ".respect_dns_ttl",
           "EF-12 " + kValue + ".health_checks", "EF-12 " + kValue + ".name",
           "EF-12 " + kValue + ".max_requests_per_connection", "EF-12 " + kValue + ".metadata",
           "EF-12 " + kValue + ".per_connection_buffer_limit_bytes"}},
         {value("CLUSTER", "conect_timeout: 5s, health_checks: [{timeout: 1s, foo: 1}, 2]"),
          {"W EF-12 " + kValue + ".conect_timeout", "W EF-12 " + kValue + ".health_checks[0].foo",
           "EF-12 " + kValue + ".health_checks[1]"}},
         {value("VIRTUAL_HOST", "typed_per_filter_config: {a: {}, b: 1, c: {'@type': x}}"),
          {"EF-12 " + kValue + ".typed_per_filter_config.a[\"@type\"]",
           "EF-12 " + kValue + ".typed_per_filter_config.b",
           "EF-12 " + kValue + ".typed_per_filter_config.c[\"@type\"]"}},
         {value("HTTP_ROUTE",
                "route: {weighted_clusters: {clusters: [{weight: 1.5}]}}, metadata: "
                "{filter_metadata: {a: {b: [1]}, c: []}}"),
          {"EF-12 " + kValue + ".route.weighted_clusters.clusters[0].weight",
           "EF-12 " + kValue + ".metadata.filter_metadata.c"}}});
}

TEST_CASE("validation: EnvoyFilter, messages within messages") {
  const std::string typed = kValue + ".typed_config";
  const std::string lua = "envoy.extensions.filters.http.lua.v3.Lua";
  check({{config(lua, "default_source_code: {inline_string: a}")},
         {config(lua, "inlineCode: 1, inline: a"),
          {"EF-12 " + typed + ".inlineCode", "W EF-12 " + typed + ".inline"}},
         {config("envoy.foo.v3.Bar", ""), {"EF-12 " + typed + "[\"@type\"]"}},
         {config("envoy.config.filter.http.lua.v2.Lua", ""), {"EF-12 " + typed + "[\"@type\"]"}},
         {config("stats.PluginConfig", "anything: 1")},
         {config("google.protobuf.Empty", ""), {"EF-12 " + typed + ".value"}},
         {config("google.protobuf.StringValue", "value: 1"), {"EF-12 " + typed + ".value"}},
         {config("udpa.type.v1.TypedStruct", "type_url: a, value: {any: [thing]}")},
         {config("xds.type.v3.TypedStruct", "value: a"), {"EF-12 " + typed + ".value"}}});
}

TEST_CASE("validation: EnvoyFilter, filters by name alone") {
  check({{value("HTTP_FILTER", "name: envoy.filters.http.lua"), {"W EF-13 " + kValue}},
         {value("HTTP_FILTER", "name: a, typedConfig: null"), {"W EF-13 " + kValue}},
         {value("HTTP_FILTER", "name: a, config_discovery: {type_urls: [b]}")},
         {value("CLUSTER", "transport_socket: {name: a}"),
          {"W EF-13 " + kValue + ".transport_socket"}},
         {value("LISTENER", "listener_filters: [{name: a}]")}});
}

TEST_CASE("validation: every type that Envoy's fields name can be read") {
  using namespace istio::validation;
  const auto cluster = EnvoyMessage::find("envoy.config.cluster.v3.Cluster");
  REQUIRE(cluster);
  CHECK(cluster->field("lb_policy")->is_enum);
  CHECK(cluster->field("lbPolicy")->name == "envoy.config.cluster.v3.Cluster.LbPolicy");
  CHECK(cluster->field("health_checks")->shape == EnvoyShape::list);
  CHECK(cluster->field("connect_timeout")->name == "google.protobuf.Duration");
  CHECK(cluster->field("typed_extension_protocol_options")->shape == EnvoyShape::map);
  CHECK_FALSE(cluster->field("lb_policy_"));
  CHECK_FALSE(cluster->field(""));
  CHECK_FALSE(EnvoyMessage::find("envoy.config.cluster.v3"));
  CHECK_FALSE(EnvoyMessage::find(""));
  CHECK(is_unlisted_envoy_type("stats.PluginConfig"));
  CHECK_FALSE(is_unlisted_envoy_type("statsd.Config"));
  for (const char* name : {"LISTENER", "FILTER_CHAIN", "NETWORK_FILTER", "HTTP_FILTER", "CLUSTER",
                           "ROUTE_CONFIGURATION", "VIRTUAL_HOST", "HTTP_ROUTE", "EXTENSION_CONFIG",
                           "BOOTSTRAP", "LISTENER_FILTER"})
    CHECK_MESSAGE(EnvoyMessage::find(envoy_patch_root(name)), name);
}

}  // namespace aksmesh::test
