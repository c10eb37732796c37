// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "envoy/held_objects.hpp"
#include "support/dump_rows.hpp"

namespace aksmesh::test {
namespace {

using envoy::AccessFilter;
using envoy::HeldObjects;

HeldObjects held(std::string_view section, const std::string& lists) {
  HeldObjects out({"a.shop.svc.cluster.local"});
  read_entries(section_text(section, lists), envoy::kHeldLists,
               [&](const envoy::DumpEntry& entry) { out.take(entry); });
  return out;
}

std::string inbound(const std::string& members) {
  return R"("dynamic_listeners": [{"name": "virtualInbound", "active_state": {"listener":
         {"name": "virtualInbound", )" +
         members + "}}}]";
}

std::string network_filter(const std::string& config) {
  return R"({"name": "envoy.filters.network.rbac", "typed_config": )" + config + '}';
}

}  // namespace

TEST_CASE("held objects: names of rules") {
  CHECK(envoy::policy_of_rule("ns[shop]-policy[a-b]-rule[0]") == "a-b.shop");
  CHECK(envoy::policy_of_rule("istio-ext-authz-ns[shop]-policy[a]-rule[12]") == "a.shop");
  for (const char* odd : {"", "ns[", "ns[shop]", "ns[shop]-policy[a", "policy[a]", "ns[]x"})
    CHECK_FALSE(envoy::policy_of_rule(odd));
}

TEST_CASE("held objects: DestinationRules and VirtualServices of the hosts alone") {
  constexpr const char* kMark =
      R"("metadata": {"filter_metadata": {"istio": {"config":
         "/apis/networking.istio.io/v1/namespaces/shop/destination-rule/a"}}})";
  const auto rules =
      held("ClustersConfigDump",
           std::string(R"("dynamic_active_clusters": [
      {"cluster": {"name": "outbound|80|v1|a.shop.svc.cluster.local", )") +
               kMark + R"(}}, {"cluster": {"name": "outbound|80||b.shop.svc.cluster.local", )" +
               kMark + R"(}}, {"cluster": {"name": "BlackHoleCluster"}}, {}])");
  CHECK(rules.rules().size() == 1);
  CHECK(rules.rules().at("a.shop.svc.cluster.local") == HeldObjects::Names{"a.shop"});
  const auto routes = held("RoutesConfigDump", std::string(R"("dynamic_route_configs": [
      {"route_config": {"virtual_hosts": [
        {"domains": ["a.shop.svc.cluster.local:80", "a"], "routes": [{)") +
                                                   kMark + R"(}, {}]},
        {"domains": ["*"], "routes": [{)" + kMark + R"(}]}, {"domains": 3}]}}])");
  CHECK(routes.routes().size() == 1);
  CHECK(routes.routes().at("a.shop.svc.cluster.local") == HeldObjects::Names{"a.shop"});
}

TEST_CASE("held objects: every filter of each port, and what is only tried") {
  const auto found = held("ListenersConfigDump", inbound(R"("filter_chains": [
      {"filter_chain_match": {"destination_port": 80}, "filters": [
        {"name": "envoy.filters.network.http_connection_manager", "typed_config": {"http_filters": [
          {"name": "envoy.filters.http.rbac", "typed_config": {
            "rules": {"action": "DENY", "policies": {"ns[n]-policy[b]-rule[0]": {},
              "ns[n]-policy[b]-rule[1]": {}, "ns[n]-policy[a]-rule[0]": {}, "odd": {}}},
            "shadow_rules": {"policies": {"istio-ext-authz-ns[n]-policy[c]-rule[0]": {},
              "ns[n]-policy[d]-rule[0]": {}}}}},
          {"name": "envoy.filters.http.router"}]}}]},
      {"filter_chain_match": {"destination_port": 80}, "filters": []}],
    "default_filter_chain": {"filters": [)" + network_filter(R"({"rules": {}})") +
                                                         ',' + network_filter("3") + ',' +
                                                         network_filter(R"({"rules": {}})") + "]}"))
                         .filters();
  const std::vector<AccessFilter> wanted{
      {.port = 80, .is_http = true, .action = "ALLOW", .is_dry_run = true, .policies = {"d.n"}},
      {.port = 80, .is_http = true, .action = "CUSTOM", .policies = {"c.n"}},
      {.port = 80, .is_http = true, .action = "DENY", .policies = {"a.n", "b.n"}},
      {.action = "ALLOW"}};
  CHECK(found == wanted);
}

}  // namespace aksmesh::test
