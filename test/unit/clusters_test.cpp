// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "checks/check.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

std::string service(const std::string& name, const std::string& spec) {
  return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name + ", namespace: shop}\nspec: {" +
         spec + "}\n---\n";
}

/// What the analyzer says of two clusters, run in each of them.
std::vector<report::Finding> compare(const std::string& east, const std::string& west) {
  FakeWorld world;
  world.files.content = {{"east.yaml", east}, {"west.yaml", west}};
  std::vector<const mesh::Model*> clusters;
  const auto read = [&](const std::string& name) {
    mesh::Model::Options options;
    options.flavour = mesh::Flavour::upstream;
    options.cluster = name;
    options.clusters = &clusters;
    return std::make_unique<mesh::Model>(kube::read_manifests(world.files, {name + ".yaml"}, {}),
                                         options);
  };
  const auto first = read("east");
  const auto second = read("west");
  clusters = {first.get(), second.get()};
  const auto* check = checks::find_analyzer("services.MultiClusterServiceAnalyzer");
  REQUIRE(check != nullptr);
  report::FindingSet set;
  for (const auto* model : clusters) {
    const checks::Facts facts(*model, nullptr, check->reads);
    checks::Findings out(nullptr, "IST0170", check->slug, set, mesh::Flavour::upstream);
    check->run(facts, out);
  }
  return set.findings;
}

std::string reason(const std::string& east, const std::string& west) {
  const auto findings = compare(service("web", east), service("web", west));
  if (findings.empty()) return {};
  CHECK(findings.size() == 1);
  CHECK(findings[0].arguments[2].second == "[east west]");
  return findings[0].arguments[3].second;
}

}  // namespace

TEST_CASE("clusters: a service must be alike in all of them") {
  const std::string http = "ports: [{name: http, port: 80}]";
  CHECK(reason(http, http).empty());
  CHECK(reason(http, "ports: [{name: http, port: 81}]") == "service ports are inconsistent");
  CHECK(reason(http, "ports: [{name: http, port: 80, protocol: UDP}]") ==
        "service ports are inconsistent");
  CHECK(reason(http, "clusterIP: None, " + http) ==
        "service has mixed mode like headless and clusterIP");
  CHECK(reason(http, "type: LoadBalancer, ports: []") ==
        "service type is inconsistent; service ports are inconsistent");
  const std::string two = "{name: http, port: 80}";
  CHECK(reason("ports: [" + two + ", {name: grpc, port: 90}]",
               "ports: [{name: grpc, port: 90}, " + two + "]")
            .empty());
}

TEST_CASE("clusters: services of other names or of one cluster alone are not compared") {
  const std::string http = "ports: [{name: http, port: 80}]";
  CHECK(compare(service("web", http), service("cart", "ports: [{name: http, port: 81}]")).empty());
  CHECK(compare(service("web", http), "").empty());
}

}  // namespace aksmesh::test
