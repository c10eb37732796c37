// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "envoy/bootstrap.hpp"
#include "envoy/ecds.hpp"
#include "envoy/redaction.hpp"
#include "envoy/value.hpp"
#include "support/dump_rows.hpp"

namespace aksmesh::test {
namespace {

using envoy::Columns;

std::optional<envoy::BootstrapRow> read_bootstrap(const std::string& text) {
  std::optional<envoy::BootstrapRow> out;
  read_entries(text, envoy::kBootstrapLists,
               [&](const envoy::DumpEntry& entry) { envoy::add_bootstrap(entry, out); });
  return out;
}

std::vector<std::vector<std::string>> lines(const std::string& members) {
  const auto row = read_bootstrap(section_text(envoy::kBootstrapSection, members));
  REQUIRE(row);
  return envoy::bootstrap_table(*row, Columns::usual).rows;
}

std::string shown(const std::string& json) {
  simdjson::dom::parser parser;
  const auto element = parser.parse(json);
  REQUIRE(element.error() == simdjson::SUCCESS);
  return envoy::json_without_secrets(envoy::Value(element.value_unsafe()));
}

}  // namespace

TEST_CASE("bootstrap: older ones tell only the commit of the proxy") {
  CHECK(lines(R"("bootstrap": {"node": {"metadata": {"ISTIO_PROXY_SHA": "abc"}}})") ==
        std::vector<std::vector<std::string>>{{"Istio Proxy Version:", "abc"},
                                              {"Envoy Version:", "0.0.0"}});
}

TEST_CASE("bootstrap: versions with all their parts") {
  CHECK(
      lines(
          R"("bootstrap": {"node": {"metadata": {"ISTIO_VERSION": "1.28.10", "ISTIO_PROXY_SHA": "istio-proxy:abc"},
     "user_agent_build_version": {"version": {"major_number": 1, "minor_number": 36, "patch": 4},
       "metadata": {"build.label": "dev", "revision.status": "Clean", "build.type": "RELEASE", "ssl.version": "BoringSSL"}}}})") ==
      std::vector<std::vector<std::string>>{
          {"Istio Version:", "1.28.10"},
          {"Istio Proxy Version:", "abc"},
          {"Envoy Version:", "1.36.4-dev/Clean/RELEASE/BoringSSL"}});
}

TEST_CASE("bootstrap: what is not told, or odd") {
  const std::vector<std::vector<std::string>> nothing{{"Envoy Version:", "0.0.0"}};
  for (const char* members :
       {R"("bootstrap": {})", R"("bootstrap": {"node": []})", R"("bootstrap": 7)",
        R"("bootstrap": {"node": {"metadata": {"ISTIO_VERSION": 7, "ISTIO_PROXY_SHA": ["x"]},
                         "userAgentBuildVersion": {"version": "1"}}})"}) {
    CAPTURE(members);
    CHECK(lines(members) == nothing);
  }
  CHECK(!read_bootstrap(section_text(envoy::kBootstrapSection, R"("last_updated": "now")")));
}

TEST_CASE("bootstrap: the last of several counts, with its own time") {
  const auto row = read_bootstrap(
      R"({"configs": [{"@type": "x.BootstrapConfigDump", "bootstrap": {"node": {"id": "a"}}, "last_updated": "1"},
                      {"@type": "x.BootstrapConfigDump", "bootstrap": {"node": {"id": "b"}}},
                      {"@type": "x.Other", "last_updated": "3"}]})");
  REQUIRE(row);
  CHECK(row->node == "b");
  CHECK(row->updated.empty());
}

TEST_CASE("ecds: all sections count, sorted by type and name; wrapped types are shown") {
  std::vector<envoy::EcdsRow> rows;
  read_entries(
      R"({"configs": [{"@type": "x.EcdsConfigDump", "ecds_filters": [
             {"ecds_filter": {"name": "b", "typed_config": {"@type": "type.googleapis.com/t.B"}}},
             {"ecds_filter": {"name": "a", "typed_config": {"@type": "type.googleapis.com/t.B"}}, "error_state": {"details": "no"}}]},
          {"@type": "x.EcdsConfigDump", "ecdsFilters": [7, {},
             {"ecdsFilter": {"name": "c", "typedConfig": {"@type": "type.googleapis.com/udpa.type.v1.TypedStruct", "type_url": "type.googleapis.com/t.W"}}}]}]})",
      envoy::kEcdsLists,
      [&](const envoy::DumpEntry& entry) { rows.push_back(envoy::ecds_row(entry)); });
  envoy::sort_ecds(rows);
  const auto table = envoy::ecds_table(rows, Columns::all);
  REQUIRE(table.rows.size() == 5);
  CHECK(table.rows[2][0] == "a");
  CHECK(table.rows[2][1] == "t.B");
  CHECK(table.rows[2].back() == "no");
  CHECK(table.rows[3][0] == "b");
  CHECK(table.rows[4][1] == "udpa.type.v1.TypedStruct");
  CHECK(table.rows[4][2] == "t.W");
}

TEST_CASE("dump: what is private is hidden, everything else stays as it is") {
  CHECK(shown(R"({"a": [1.5, 18446744073709551615, "\u00e4", null, true], "b": {}})") ==
        R"({"a":[1.5,18446744073709551615,"ä",null,true],"b":{}})");
  CHECK(shown(R"({"x": [{"private_key": {"inline_string": "s", "filename": "/k"}}], "n": 1.5})") ==
        R"({"x":[{"private_key":{"inline_string":"redacted","filename":"/k"}}],"n":1.5})");
  CHECK(shown(R"({"genericSecret": {"secrets": {"filename2": {"inlineString": "s"}}}})") ==
        R"({"genericSecret":{"secrets":{"filename2":{"inlineString":"redacted"}}}})");
  CHECK(
      shown(R"({"password": "s", "auth_password": 7, "sessionTicketKeys": [["s"], null]})") ==
      R"({"password":"redacted","auth_password":"redacted","sessionTicketKeys":[["redacted"],"redacted"]})");
  CHECK(shown(R"({"private_key": {"inline_bytes": "W3JlZGFjdGVkXQ=="}})") ==
        R"({"private_key":{"inline_bytes":"W3JlZGFjdGVkXQ=="}})");
  CHECK(shown(R"({"\"\n": {"pkcs12": "s"}})") == R"({"\"\n":{"pkcs12":"redacted"}})");
  CHECK(shown("7") == "7");
  CHECK(envoy::json_without_secrets(envoy::Value()).empty());
}

}  // namespace aksmesh::test
