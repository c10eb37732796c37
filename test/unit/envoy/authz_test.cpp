// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "base/strings.hpp"
#include "envoy/authz.hpp"
#include "envoy/listener.hpp"
#include "support/dump_rows.hpp"

namespace aksmesh::test {
namespace {

/// The policies of listeners, written as in `dynamic_listeners`.
std::vector<envoy::AuthzRow> read(const std::string& listeners) {
  envoy::AuthzFilters out;
  read_entries(section_text(envoy::kListenerSection, R"("dynamic_listeners": [)" + listeners + "]"),
               envoy::kAuthzLists, [&](const envoy::DumpEntry& entry) { out.take(entry); });
  return out.rows();
}

std::string active(const std::string& listener) {
  return R"({"name": "l", "active_state": {"listener": )" + listener + "}}";
}

std::string chain(const std::string& rbac, const std::string& match = "{}") {
  return R"({"name": "c", "filter_chain_match": )" + match +
         R"(, "filters": [{"name": "envoy.filters.network.rbac", "typed_config": )" + rbac + "}]}";
}

std::string chains(const std::string& list) {
  return active(R"({"name": "virtualInbound", "filter_chains": [)" + list + "]}");
}

}  // namespace

TEST_CASE("authz list: actions, rules and ports of policies") {
  const auto rows = read(chains(
      chain(
          R"({"rules": {"policies": {"ns[a]-policy[p]-rule[0]": {}, "ns[a]-policy[p]-rule[1]": {}}}})",
          R"({"destination_port": 80})") +
      "," + chain(R"({"rules": {"policies": {"ns[a]-policy[p]-rule[1]": {}}}})") + "," +
      chain(R"({"rules": {"action": "DENY", "policies": {"ns[a]-policy[q]-rule[0]": {}}}})") + "," +
      chain(R"({"shadow_rules": {"action": "DENY", "policies": {
          "istio-ext-authz-ns[a]-policy[c]-rule[0]": {}, "istio-ext-authz-opa-ns[a]-policy[c]-rule[1]": {},
          "ns[a]-policy[d]-rule[0]": {}}}})")));
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].action == "DENY");
  CHECK(rows[0].full_name() == "d.a");
  CHECK(rows[0].dry_run);
  CHECK(rows[1].full_name() == "q.a");
  CHECK_FALSE(rows[1].dry_run);
  CHECK(rows[2].action == "ALLOW");
  CHECK(rows[2].rules.size() == 2);
  CHECK(rows[2].ports == std::set<std::string>{"80", "c"});
  CHECK(rows[3].action == "CUSTOM");
  CHECK(rows[3].full_name() == "c.a");
  CHECK(rows[3].rules.size() == 2);
  CHECK(envoy::authz_table(rows, envoy::Columns::usual).rows.size() == 3);
  CHECK(envoy::authz_table(rows, envoy::Columns::all).rows.size() == 4);
}

TEST_CASE("authz list: a provider that istiod does not know makes a denial") {
  const auto rows = read(chains(chain(R"({"rules": {"action": "DENY", "policies": {
      "istio-ext-authz-opa-ns[a]-policy[c]-rule[0]-deny-due-to-bad-CUSTOM-action": {}}}})")));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].action == "DENY");
  CHECK(rows[0].full_name() == "c.a");
}

TEST_CASE("authz list: a filter without policies lets nothing pass") {
  const auto rows = read(chains(chain(R"({"rules": {}})") + "," + chain("{}")));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].full_name() == "_anonymous_match_nothing_");
  CHECK(rows[0].action == "ALLOW");
}

TEST_CASE("authz list: chains for what no other takes are marked") {
  const auto rows =
      read(active(R"({"name": "virtualInbound", "default_filter_chain": )" +
                  chain(R"({"rules": {"policies": {"ns[a]-policy[p]-rule[0]": {}}}})") + "}"));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].only_by_default);
  CHECK_FALSE(rows[0].is_usual());
}

TEST_CASE("authz list: odd values") {
  for (const char* odd :
       {"1", "[]", "null", R"({"name": 1, "active_state": 1})",
        R"({"active_state": {"listener": {"filter_chains": [1, {"filters": [1, {"name": 1}]}]}}})",
        R"({"active_state": {"listener": {"default_filter_chain": 1, "filter_chains": 2}}})"})
    CHECK(read(odd).empty());
  const auto rows = read(chains(chain(
      R"({"rules": {"action": 1, "policies": {"": {}, "ns[": {}, "ns[a]-policy[": {}, "x": 1}}})")));
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].full_name().empty());
}

}  // namespace aksmesh::test
