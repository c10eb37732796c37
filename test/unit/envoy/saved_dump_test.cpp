// SPDX-License-Identifier: Apache-2.0
#include "envoy/saved_dump.hpp"

#include <doctest/doctest.h>

#include "envoy/name_regex.hpp"

namespace aksmesh::test {
namespace {

using envoy::quoted_name;
using envoy::SavedDump;

/// What is kept of a dump.
SavedDump saved(const std::string& text) {
  SavedDump out(
      [](std::string_view key) { return key.ends_with("token") || key == "authorization"; });
  for (const auto& section : envoy::saved_sections()) {
    sys::TextSource source(text);
    const auto facts = envoy::read_dump(source, section.lists,
                                        [&](const envoy::DumpEntry& entry) { out.take(entry); });
    REQUIRE(facts);
    out.end(section, *facts);
  }
  return out;
}

TEST_CASE("saved dump: sections stay, what is private does not, and nothing else comes along") {
  const auto dump = saved(
      R"({"configs":[{"@type":"x/envoy.admin.v3.RoutesConfigDump"},)"
      R"({"@type":"x/envoy.admin.v3.SecretsConfigDump","version_info":"7","dynamic_active_secrets":)"
      R"([{"name":"a","secret":{"tls_certificate":{"private_key":{"inline_string":"hunter2"}}}}]},)"
      R"({"@type":"x/envoy.admin.v3.BootstrapConfigDump","bootstrap":{"node":{"id":"n"}},"last_updated":"t"}]})");
  CHECK(dump.entries() == 3);
  CHECK(dump.text() ==
        "{\"configs\":[{\"@type\":\"type.googleapis.com/envoy.admin.v3.BootstrapConfigDump\","
        "\"bootstrap\":{\"node\":{\"id\":\"n\"}},\"last_updated\":\"t\"},\n"
        "{\"@type\":\"type.googleapis.com/envoy.admin.v3.RoutesConfigDump\"},\n"
        "{\"@type\":\"type.googleapis.com/envoy.admin.v3.SecretsConfigDump\","
        "\"dynamic_active_secrets\":[{\"name\":\"a\",\"secret\":{\"tls_certificate\":"
        "{\"private_key\":{\"inline_string\":\"redacted\"}}}}]}]}\n");
}

TEST_CASE("saved dump: hosts, also none") {
  CHECK(saved(R"({"cluster_statuses":[{"name":"a"}]})").text() ==
        "{\"configs\":[],\"cluster_statuses\":[{\"name\":\"a\"}]}\n");
  CHECK(saved(R"({"cluster_statuses":[]})").text() == "{\"configs\":[],\"cluster_statuses\":[]}\n");
}

TEST_CASE("saved dump: it is a dump again, and keeping it changes nothing more") {
  const auto once =
      saved(R"({"configs":[{"@type":"x.ClustersConfigDump","static_clusters":[{"cluster":)"
            R"({"name":"é \" \\","x":1.50,"big":18446744073709551615}}]}]})")
          .text();
  CHECK(saved(once).text() == once);
}

TEST_CASE("name regex: signs of RE2 stand for themselves") {
  CHECK(quoted_name("").empty());
  CHECK(quoted_name("outbound|80||a.b-c_D9") == "outbound\\|80\\|\\|a\\.b\\-c_D9");
  CHECK(quoted_name("é") == "é");
}

}  // namespace
}  // namespace aksmesh::test
