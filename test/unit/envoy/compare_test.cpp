// SPDX-License-Identifier: Apache-2.0
#include "envoy/compare.hpp"

#include <array>

#include <doctest/doctest.h>

#include "sys/source.hpp"

namespace aksmesh::test {
namespace {

using Fate = envoy::ResourceChange::Fate;

envoy::ResourceSet resources(std::string text, envoy::Compared compared = envoy::Compared::pushed) {
  sys::TextSource source(std::move(text));
  envoy::ResourceSet out;
  const auto lists = envoy::lists_of(compared);
  const auto take = [&](const envoy::DumpEntry& entry) { envoy::take_resource(entry, out); };
  CHECK(envoy::read_dump(source, lists, take).has_value());
  return out;
}

envoy::ResourceSet cluster(const std::string& body) {
  return resources(R"({"configs": [{"@type": "a.ClustersConfigDump", "dynamic_active_clusters": [
      {"version_info": "7", "last_updated": "x", "cluster": {"name": "c", )" +
                   body + "}}]}]}");
}

std::vector<std::string> told(const envoy::ResourceSet& before, const envoy::ResourceSet& after) {
  std::vector<std::string> out;
  for (const auto& one : envoy::compare(before, after)) {
    const auto head = one.kind + ' ' + one.name + ' ';
    if (one.fate == Fate::added) out.push_back(head + "added");
    if (one.fate == Fate::removed) out.push_back(head + "removed");
    for (const auto& value : one.values)
      out.push_back(head + value.path + ": " + value.before + " -> " + value.after);
  }
  return out;
}

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("compare: names of members and default values make no difference") {
  const auto envoy = cluster(R"("connect_timeout": "1s", "lb": {"max_ring_size": 0, "on": false},
      "consecutive_5xx": 3, "http2_options": 1)");
  const auto istiod = resources(
      R"({"configs": [{"@type": "a.ClustersConfigDump", "dynamicActiveClusters": [
          {"cluster": {"lb": {}, "connectTimeout": "1s", "name": "c",
            "consecutive5xx": 3, "http2Options": 1}}]}]})");
  CHECK(told(envoy, istiod).empty());
}

TEST_CASE("compare: a value that differs is told with its way, both sides") {
  CHECK(told(cluster(R"("a": {"b": 1}, "d": [1, 2])"), cluster(R"("a": {"b": 2}, "d": [1])")) ==
        Told{"cluster c a.b: 1 -> 2", "cluster c d[]: 2 -> "});
  CHECK(told(cluster(R"("d": [{"x": 1}, 2])"), cluster(R"("d": [{"x": 2}])")) ==
        Told{"cluster c d[0].x: 1 -> 2", "cluster c d[1]: 2 -> "});
  CHECK(told(cluster(R"("d": [1, 2])"), cluster(R"("d": [2, 1])")) ==
        Told{"cluster c d order: [1,2] -> [2,1]"});
  CHECK(told(cluster(R"("a": 1)"), cluster(R"("z": {"y": "x"})")) ==
        Told{"cluster c a: 1 -> ", "cluster c z:  -> {\"y\":\"x\"}"});
}

TEST_CASE("compare: elements are told apart by their names, and their order counts") {
  const auto one = cluster(R"("f": [{"name": "a", "v": 1}, {"name": "b", "v": 1}])");
  CHECK(told(one, cluster(R"("f": [{"name": "b", "v": 2}])")) ==
        Told{"cluster c f[a]: {\"name\":\"a\",\"v\":1} -> ", "cluster c f[b].v: 1 -> 2"});
  CHECK(told(one, cluster(R"("f": [{"name": "b", "v": 1}, {"name": "a", "v": 1}])")) ==
        Told{"cluster c f order: \"a, b\" -> \"b, a\""});
  CHECK(told(cluster(R"("virtual_hosts": [{"name": "a"}, {"name": "b"}])"),
             cluster(R"("virtual_hosts": [{"name": "b"}, {"name": "a"}])"))
            .empty());
}

TEST_CASE("compare: resources that only one side has") {
  const auto none = resources(R"({"configs": []})");
  CHECK(told(cluster("\"a\": 1"), none) == Told{"cluster c removed"});
  CHECK(told(none, cluster("\"a\": 1")) == Told{"cluster c added"});
}

TEST_CASE("compare: what is of the bootstrap counts only when all does") {
  const auto text =
      R"({"configs": [{"@type": "a.ClustersConfigDump", "static_clusters": [{"cluster": {"name": "s"}}]}]})";
  CHECK(resources(text).empty());
  CHECK(resources(text, envoy::Compared::all).size() == 1);
}

TEST_CASE("compare: a flat list of resources tells the same as sections") {
  sys::TextSource source(
      R"({"configs": [{"@type": "type.googleapis.com/envoy.config.cluster.v3.Cluster", "name": "c", "a": 1},
                      {"@type": "type.googleapis.com/other", "name": "d"}]})");
  envoy::ResourceSet flat;
  constexpr std::array<std::string_view, 1> kLists{"configs"};
  const auto take = [&](const envoy::DumpEntry& entry) { envoy::take_resource(entry, flat); };
  REQUIRE(envoy::read_dump(source, kLists, take).has_value());
  CHECK(flat.size() == 1);
}

}  // namespace aksmesh::test
