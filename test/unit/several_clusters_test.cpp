// SPDX-License-Identifier: Apache-2.0
// IST0170, which compares the clusters of a mesh: one model for each, which know of each other.
#include <algorithm>
#include <memory>

#include <doctest/doctest.h>

#include "checks/runner.hpp"
#include "data/resources.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

struct Cluster {
  std::string name;
  std::string spec;  ///< of the one Service
};

report::FindingSet run(const std::vector<Cluster>& clusters) {
  std::vector<std::unique_ptr<mesh::Model>> models;
  std::vector<const mesh::Model*> all;
  for (const auto& cluster : clusters) {
    FakeWorld world;
    world.files.content["f.yaml"] =
        "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: " +
        cluster.spec + '\n';
    auto manifests = kube::read_manifests(world.files, {"f.yaml"}, {});
    for (auto& file : manifests.files) file.cluster = cluster.name;
    mesh::Model::Options options;
    options.flavour = mesh::Flavour::upstream;
    options.clusters = &all;
    models.push_back(std::make_unique<mesh::Model>(std::move(manifests), options));
    all.push_back(models.back().get());
  }
  const auto policy = mesh::Policy::load(data::resource("lib/mesh/tables/limitations.json"),
                                         "upstream", "built-in");
  REQUIRE(policy.has_value());
  report::FindingSet out;
  for (const auto& model : models) {
    auto set = checks::run_checks(
        *model, policy.value(),
        {.checks = {checks::find_analyzer("services.MultiClusterServiceAnalyzer")}});
    std::move(set.findings.begin(), set.findings.end(), std::back_inserter(out.findings));
  }
  return out;
}

std::string reasons(const std::vector<Cluster>& clusters) {
  const auto set = run(clusters);
  REQUIRE(set.findings.size() <= 1);
  if (set.findings.empty()) return {};
  CHECK(set.findings.front().code == "IST0170");
  CHECK(set.findings.front().object.cluster == clusters.front().name);
  return set.findings.front().arguments.back().second;
}

constexpr const char* kPlain = "{ports: [{name: http, port: 80}, {name: grpc, port: 81}]}";

}  // namespace

TEST_CASE("several clusters: a service that is alike everywhere") {
  CHECK(reasons({{"east", kPlain}}).empty());
  CHECK(reasons({{"east", kPlain}, {"west", kPlain}}).empty());
  // The order of ports does not matter.
  CHECK(reasons({{"east", kPlain},
                 {"west", "{ports: [{name: grpc, port: 81}, {name: http, port: 80}]}"}})
            .empty());
}

TEST_CASE("several clusters: what may differ") {
  CHECK(reasons({{"east", kPlain}, {"west", "{ports: [{name: http, port: 80}]}"}}) ==
        "service ports are inconsistent");
  CHECK(reasons({{"east", "{type: ClusterIP}"}, {"west", "{type: LoadBalancer}"}}) ==
        "service type is inconsistent");
  CHECK(
      reasons({{"east", "{}"}, {"middle", "{}"}, {"west", "{clusterIP: None, type: NodePort}"}}) ==
      "service has mixed mode like headless and clusterIP; service type is inconsistent");
  const auto set = run({{"east", "{}"}, {"middle", "{}"}, {"west", "{clusterIP: None}"}});
  REQUIRE(set.findings.size() == 1);
  CHECK(set.findings.front().arguments ==
        Arguments{{"serviceName", "web"},
                  {"namespace", "shop"},
                  {"clusters", "[east middle west]"},
                  {"error", "service has mixed mode like headless and clusterIP"}});
}

}  // namespace aksmesh::test
