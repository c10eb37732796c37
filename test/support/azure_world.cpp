// SPDX-License-Identifier: Apache-2.0
#include "support/azure_world.hpp"

#include <doctest/doctest.h>

namespace aksmesh::test {
namespace {

class FakeCredential final : public azure::Credential {
 public:
  explicit FakeCredential(const bool& signed_out) : signed_out_(signed_out) {}
  Result<azure::Token> fetch(const std::string&, const std::string&) override {
    if (signed_out_) return Error{.kind = ErrorKind::auth, .what = "the sign-in has ended"};
    return azure::Token{.value = Secret("token"), .expires_on = 4'000'000'000};
  }
  [[nodiscard]] std::string name() const override { return "nobody"; }
  [[nodiscard]] std::string cache_key() const override { return {}; }

 private:
  const bool& signed_out_;
};

}  // namespace

std::string cluster_json(const ClusterWish& wish) {
  const auto sku = wish.sku.empty() ? "" : R"("sku":{"name":")" + wish.sku + "\"},";
  return R"({"id":"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop)"
         R"(/providers/Microsoft.ContainerService/managedClusters/prod","name":"prod",)"
         R"("location":"westus2","eTag":")" +
         wish.etag + "\"," + sku + R"("properties":{"provisioningState":")" + wish.state +
         R"(","powerState":{"code":")" + wish.power +
         R"("},"kubernetesVersion":"1.34","currentKubernetesVersion":")" + wish.kubernetes + "\"," +
         wish.more + R"("addonProfiles":{)" + wish.addons + R"(},"agentPoolProfiles":[)" +
         wish.pools + R"(],"serviceMeshProfile":)" + wish.profile + "}}";
}

azure::ManagedCluster cluster_of(const ClusterWish& wish) {
  auto cluster = azure::read_cluster(cluster_json(wish));
  REQUIRE(cluster);
  return std::move(*cluster);
}

std::string mesh_json(const std::string& revisions, const std::string& components) {
  return R"({"mode":"Istio","istio":{"revisions":[)" + revisions + R"(],"components":{)" +
         components + "}}}";
}

AzureWorld::AzureWorld()
    : tokens(std::make_unique<FakeCredential>(signed_out), nullptr, clock),
      arm(http, tokens, azure::find_cloud("AzureCloud").value(), "2026-03-01", random) {}

}  // namespace aksmesh::test
