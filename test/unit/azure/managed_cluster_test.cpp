// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "support/azure_world.hpp"

namespace aksmesh::test {
namespace {

std::string writable(const std::string& json) {
  const auto document = data::JsonDocument::parse(json);
  REQUIRE(document);
  return azure::writable(*document).text();
}

}  // namespace

TEST_CASE("managed cluster: what is read of it") {
  const auto cluster = cluster_of(
      {.profile = R"({"mode":"istio","istio":{"revisions":["asm-1-29","asm-1-28"],
          "components":{"ingressGateways":[{"mode":"External","enabled":true}],
            "egressGateways":[{"name":"out","enabled":false}],
            "proxyRedirectionMechanism":"CNIChaining"},
          "certificateAuthority":{"plugin":{"keyVaultId":"v","certObjectName":"c",
            "keyObjectName":"k","rootCertObjectName":"r","certChainObjectName":"n"}}}})",
       .more = R"("fqdn":"a.example","privateFQDN":"b.example","networkProfile":
          {"staticEgressGatewayProfile":{"enabled":true}},)",
       .addons = R"("AzureKeyvaultSecretsProvider":{"enabled":true},"off":{"enabled":false})",
       .pools = R"({"name":"p","mode":"User","osType":"Windows",
          "currentOrchestratorVersion":"1.33.1"})"});
  CHECK(cluster.name == "prod");
  CHECK(cluster.location == "westus2");
  CHECK(cluster.etag == "e1");
  CHECK(cluster.kubernetes_version == "1.34.4");
  CHECK(cluster.support_plan == "KubernetesOfficial");
  CHECK(cluster.fqdn == "a.example");
  CHECK(cluster.private_fqdn == "b.example");
  CHECK(cluster.power_state == "Running");
  CHECK(cluster.is_settled());
  CHECK(cluster.mesh.enabled);
  CHECK(cluster.mesh.upgrading());
  CHECK(cluster.mesh.revisions == std::vector<std::string>{"asm-1-28", "asm-1-29"});
  REQUIRE(cluster.mesh.ingress.size() == 1);
  CHECK(cluster.mesh.ingress[0].enabled);
  REQUIRE(cluster.mesh.egress.size() == 1);
  CHECK(cluster.mesh.egress[0].name_space == "aks-istio-egress");
  CHECK(!cluster.mesh.egress[0].enabled);
  CHECK(cluster.mesh.redirection == "CNIChaining");
  REQUIRE(cluster.mesh.plugin_ca);
  CHECK(cluster.mesh.plugin_ca->cert_chain_object == "n");
  CHECK(cluster.has_addon("azureKeyvaultSecretsProvider"));
  CHECK(!cluster.has_addon("off"));
  CHECK(!cluster.has_addon("missing"));
  CHECK(cluster.has_static_egress());
  REQUIRE(cluster.pools.size() == 1);
  CHECK(cluster.pools[0].os_type == "Windows");
  CHECK(cluster.pools[0].kubernetes_version == "1.33.1");
}

TEST_CASE("managed cluster: revisions are ordered by number") {
  CHECK(cluster_of({.profile = mesh_json(R"("asm-1-10","asm-1-9")")}).mesh.revisions ==
        std::vector<std::string>{"asm-1-9", "asm-1-10"});
}

TEST_CASE("managed cluster: what a mesh that is off left behind means nothing") {
  const auto mesh = cluster_of({.profile = R"({"mode":"Disabled","istio":{"revisions":["asm-1-20"],
      "components":{"ingressGateways":[{"mode":"External","enabled":true}]}}})"})
                        .mesh;
  CHECK(!mesh.enabled);
  CHECK(mesh.revisions.empty());
  CHECK(mesh.ingress.empty());
  CHECK(!cluster_of({.profile = "null"}).mesh.enabled);
}

TEST_CASE("managed cluster: an answer that is no cluster") {
  const auto why = [](const char* text) {
    const auto cluster = azure::read_cluster(text);
    REQUIRE(!cluster);
    CHECK(cluster.error().kind == ErrorKind::bad_data);
    return cluster.error().why;
  };
  CHECK(why("<html>") == "the answer is no JSON");
  CHECK(why("") == "the answer is no JSON");
  CHECK(why("{}") == "the answer has no properties");
  CHECK(why("[]") == "the answer has no properties");
  CHECK(why(R"({"properties":null})") == "the answer has no properties");
  const auto bare = azure::read_cluster(R"({"properties":{"kubernetesVersion":"1.33"}})");
  REQUIRE(bare);
  CHECK(bare->kubernetes_version == "1.33");
  CHECK(!bare->is_settled());
}

TEST_CASE("managed cluster: final states, case aside") {
  for (const char* state : {"Succeeded", "failed", "Canceled"}) CHECK(azure::is_final_state(state));
  for (const char* state : {"", "Updating", "Creating", "Canceling"})
    CHECK(!azure::is_final_state(state));
}

TEST_CASE("managed cluster: what the service only tells is not sent back") {
  CHECK(writable(cluster_json()) ==
        R"({"location":"westus2","properties":{"kubernetesVersion":"1.34","addonProfiles":{},)"
        R"("agentPoolProfiles":[{"name":"system","mode":"System","osType":"Linux"}],)"
        R"("serviceMeshProfile":{"mode":"Disabled"}}})");
  // By wildcards: any key, any item.
  CHECK(writable(R"({"identity":{"type":"UserAssigned","principalId":"p","userAssignedIdentities":
      {"/a/b":{"clientId":"c","principalId":"d"}}},
      "properties":{"addonProfiles":{"x":{"enabled":true,"identity":{"clientId":"c"}}}}})") ==
        R"({"identity":{"type":"UserAssigned","userAssignedIdentities":{"/a/b":{}}},)"
        R"("properties":{"addonProfiles":{"x":{"enabled":true}}}})");
  // A pool's nodeImageVersion would start an upgrade of its nodes.
  CHECK(writable(R"({"properties":{"agentPoolProfiles":[
      {"name":"a","nodeImageVersion":"v","count":3,"eTag":"t","provisioningState":"Succeeded"},
      {"name":"b","nodeImageVersion":"w"}]}})") ==
        R"({"properties":{"agentPoolProfiles":[{"name":"a","count":3},{"name":"b"}]}})");
}

TEST_CASE("managed cluster: what this program does not know is sent back as it came") {
  constexpr const char* kUnknown =
      R"({"tags":{"id":"x","cost":"1.10"},"futureMember":{"id":1.0,"name":null,)"
      R"("big":123456789012345678901234567890},"properties":{"id":[],)"
      R"("futureProfile":{"provisioningState":"x","list":[{"nodeImageVersion":"v"}]}}})";
  CHECK(writable(kUnknown) == kUnknown);
}

}  // namespace aksmesh::test
