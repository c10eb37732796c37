// SPDX-License-Identifier: Apache-2.0
#include "envoy/dump.hpp"

#include <doctest/doctest.h>

#include "envoy/cluster.hpp"
#include "envoy/origin.hpp"
#include "sys/source.hpp"

namespace aksmesh::test {
namespace {

struct Read {
  Result<envoy::DumpFacts> facts;
  std::vector<envoy::ClusterRow> rows{};
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& row : rows)
      if (facts && !facts->is_replaced(row.section)) out.push_back(row.name);
    return out;
  }
};

Read clusters(std::string text) {
  sys::TextSource source(std::move(text));
  std::vector<envoy::ClusterRow> rows;
  auto facts = envoy::read_dump(source, envoy::kClusterLists, [&](const envoy::DumpEntry& entry) {
    rows.push_back(envoy::cluster_row(entry));
  });
  return {std::move(facts), std::move(rows)};
}

/// A section of clusters with one dynamic cluster of that name.
std::string section(const std::string& name) {
  return R"({"@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump", "version_info": "1",
             "dynamic_active_clusters": [{"cluster": {"name": ")" +
         name + R"("}}]})";
}

}  // namespace

TEST_CASE("dump: of several sections of a type the last one counts") {
  const auto read = clusters(R"({"configs": [)" + section("old") + ',' + section("new") + "]}");
  REQUIRE(read.facts.has_value());
  CHECK(read.names() == std::vector<std::string>{"new"});
}

TEST_CASE("dump: istiod writes the names of lists in camelCase") {
  const auto read = clusters(
      R"({"configs": [{"@type": "x/envoy.admin.v3.ClustersConfigDump",
          "dynamicActiveClusters": [{"cluster": {"name": "a"}}]}]})");
  CHECK(read.names() == std::vector<std::string>{"a"});
}

TEST_CASE("dump: what ends in the middle gives what it has, and why it is not all") {
  const auto whole = R"({"configs": [)" + section("one") + ',' + section("two") + "]}";
  std::size_t partial = 0;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    const auto read = clusters(whole.substr(0, size));
    if (!read.facts) {
      CHECK(read.facts.error().kind == ErrorKind::bad_data);
      continue;
    }
    CHECK(read.facts->lost.size() == 1);
    if (!read.rows.empty()) ++partial;
  }
  CHECK(partial > 100);
}

TEST_CASE("dump: an entry that no parser takes is told, and the others are there") {
  for (const char* odd : {"{\"cluster\": 1e999}", "{\"cluster\": nul}", "{\"cluster\": \"\xff\"}",
                          "{\"cluster\": 123456789012345678901234567890}"}) {
    CAPTURE(odd);
    const auto read =
        clusters(R"({"configs": [{"@type": "a.ClustersConfigDump", "static_clusters": [)" +
                 std::string(odd) + R"(, {"cluster": {"name": "good"}}]}]})");
    REQUIRE(read.facts.has_value());
    CHECK(read.names() == std::vector<std::string>{"good"});
    CHECK(read.facts->lost.size() == 1);
    CHECK(read.facts->lost.front().what == "an entry of static_clusters cannot be read");
  }
}

TEST_CASE("dump: other JSON is no dump, and says what it is") {
  const auto error = [](const char* text) { return clusters(text).facts.error(); };
  CHECK(error("[]").what == "this is no dump of a proxy");
  CHECK(error("{}").why == "it has no member configs and no member cluster_statuses");
  CHECK(error("upstream connect error").why == "it begins with upstream");
  CHECK(error("").kind == ErrorKind::bad_data);
  CHECK(error(R"({"configs": {}})").kind == ErrorKind::bad_data);
}

TEST_CASE("dump: members of any other shape are nothing, not a fault") {
  for (const char* odd : {"null", "1", "\"x\"", "[]", "{\"cluster\": []}",
                          "{\"cluster\": {\"name\": 5}}", "{\"cluster\": {\"metadata\": [1]}}"}) {
    const auto read =
        clusters(R"({"configs": [{"@type": "a.ClustersConfigDump", "static_clusters": [)" +
                 std::string(odd) + "]}, 7, []]}");
    REQUIRE(read.facts.has_value());
    CHECK(read.rows.size() == 1);
    CHECK(read.rows.front().name.empty());
  }
}

TEST_CASE("cluster: what istiod puts into its name") {
  const auto name = envoy::parse_cluster_name("outbound|9080|v1|reviews.shop.svc.cluster.local");
  REQUIRE(name.has_value());
  CHECK(name->direction == "outbound");
  CHECK(name->port == 9080);
  CHECK(name->subset == "v1");
  CHECK(name->host == "reviews.shop.svc.cluster.local");
  CHECK_FALSE(envoy::parse_cluster_name("BlackHoleCluster").has_value());
  CHECK_FALSE(envoy::parse_cluster_name("a|b|c").has_value());
  CHECK_FALSE(envoy::parse_cluster_name("a|x|c|d")->port.has_value());
}

TEST_CASE("origin: the name of the object that a cluster was made of") {
  using envoy::origin_name;
  CHECK(origin_name("/apis/networking.istio.io/v1/namespaces/shop/destination-rule/reviews") ==
        "reviews.shop");
  CHECK(origin_name("/apis/networking.istio.io/v1/x").empty());
  CHECK(origin_name("/apis/other.io/v1/namespaces/shop/x/y") == "<unknown>");
  CHECK(origin_name("").empty());
}

TEST_CASE("cluster: why an update was refused is kept") {
  const auto read = clusters(
      R"({"configs": [{"@type": "a.ClustersConfigDump", "dynamic_warming_clusters": [
          {"cluster": {"name": "a", "type": "EDS"}, "error_state": {"details": "no such thing"}}]}]})");
  REQUIRE(read.rows.size() == 1);
  CHECK(read.rows.front().error == "no such thing");
  CHECK(read.rows.front().state == envoy::ClusterRow::State::warming);
}

}  // namespace aksmesh::test
