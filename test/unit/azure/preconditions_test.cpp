// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>

#include "azure/preconditions.hpp"
#include "checks/teller.hpp"
#include "support/azure_world.hpp"

namespace aksmesh::test {
namespace {

using azure::Obstacles;

/// The slugs, those of warnings in brackets.
std::string told(const Obstacles& obstacles) {
  std::string out;
  for (const auto& one : obstacles) {
    const auto* code = checks::find_code(one.slug);
    REQUIRE_MESSAGE(code != nullptr, one.slug);
    // `explain` must not say that nothing looks at it.
    CHECK_MESSAGE(checks::teller_of(*code) != checks::Teller::nobody, one.slug);
    CHECK(!one.why.empty());
    out += (out.empty() ? "" : " ") + (one.warning ? '(' + one.slug + ')' : one.slug);
  }
  return out;
}

std::string state(const ClusterWish& wish) {
  Obstacles out;
  azure::check_state(cluster_of(wish), out);
  return told(out);
}

std::string conflicts(const ClusterWish& wish) {
  Obstacles out;
  azure::check_conflicts(cluster_of(wish), out);
  return told(out);
}

const azure::PluginCa kCa{"/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v",
                          "c", "k", "r", "n"};
constexpr const char* kKeyVault =
    R"("azureKeyvaultSecretsProvider":{"enabled":true,"config":{"enableSecretRotation":"true"}})";

std::string plugin_ca(azure::PluginCa ca, ClusterWish wish = {.addons = kKeyVault}) {
  Obstacles out;
  azure::check_plugin_ca(cluster_of(wish), ca, out);
  return told(out);
}

ClusterWish egress_ready() {
  return {.more = R"("networkProfile":{"staticEgressGatewayProfile":{"enabled":true}},)",
          .pools = R"({"name":"gw","mode":"Gateway"})"};
}

std::string egress(const ClusterWish& wish, const std::string& name = "out") {
  Obstacles out;
  azure::check_egress(cluster_of(wish), {.name = name, .name_space = "n", .enabled = true}, out);
  return told(out);
}

const std::vector<azure::MeshRevision> kOffered{
    {"asm-1-27", {"asm-1-28"}, {{"KubernetesOfficial", {"1.32", "1.33"}}}},
    {"asm-1-28", {"asm-1-29"}, {{"KubernetesOfficial", {"1.33", "1.34"}}}},
    {"asm-1-29", {}, {{"KubernetesOfficial", {"1.34"}}, {"AKSLongTermSupport", {"1.31"}}}}};

}  // namespace

TEST_CASE("preconditions: the cluster runs, and nothing is under way") {
  CHECK(state({}).empty());
  CHECK(state({.state = "Updating"}) == "cluster-busy");
  CHECK(state({.state = "Failed"}) == "(cluster-busy)");
  CHECK(state({.power = "Stopped"}) == "cluster-busy");
}

TEST_CASE("preconditions: what the mesh cannot live with") {
  CHECK(conflicts({}).empty());
  CHECK(conflicts({.addons = R"("openServiceMesh":{"enabled":true})"}) == "osm-addon-enabled");
  CHECK(conflicts({.addons = R"("openServiceMesh":{"enabled":false})"}).empty());
  CHECK(conflicts({.more = R"("ingressProfile":{"webAppRouting":{"gatewayAPIImplementations":
      {"appRoutingIstio":{"mode":"Enabled"}}}},)"}) == "app-routing-istio");
  CHECK(conflicts({.addons = R"("aciConnectorLinux":{"enabled":true})"}) == "(virtual-nodes)");
  CHECK(conflicts({.pools = R"({"name":"w","osType":"Windows"})"}) == "(windows-containers)");
  CHECK(conflicts({.more = R"("networkProfile":{"advancedNetworking":{"security":
      {"advancedNetworkPolicies":"L7"}}},)"}) == "(acns-l7-policy)");
}

TEST_CASE("preconditions: the revision is offered and fits") {
  const auto revision = [](const std::string& wanted, const std::string& plan = {}) {
    Obstacles out;
    ClusterWish wish;
    if (!plan.empty()) wish.more = R"("supportPlan":")" + plan + "\",";
    azure::check_revision(cluster_of(wish), wanted, kOffered, out);
    return told(out);
  };
  CHECK(revision("asm-1-28").empty());
  CHECK(revision("asm-1-29").empty());
  CHECK(revision("asm-1-27") == "cluster-version-incompatible");
  CHECK(revision("asm-1-30") == "revision-not-offered");
  CHECK(revision("asm-1-29", "AKSLongTermSupport") == "cluster-version-incompatible");
  Obstacles none;
  azure::check_revision(cluster_of(), "asm-1-28", {}, none);
  REQUIRE(none.size() == 1);
  CHECK(none[0].why == "westus2 offers no revision, not asm-1-28");
}

TEST_CASE("preconditions: an upgrade is newer and among the targets") {
  const auto upgrade = [](const std::string& wanted) {
    Obstacles out;
    azure::check_upgrade(cluster_of({.profile = mesh_json(R"("asm-1-28")")}), wanted, kOffered,
                         out);
    return told(out);
  };
  CHECK(upgrade("asm-1-29").empty());
  CHECK(upgrade("asm-1-27") == "downgrade");
  CHECK(upgrade("asm-1-9") == "downgrade");
  CHECK(upgrade("asm-1-31") == "upgrade-skips-too-far");
  CHECK(upgrade("asm-1-28") != "downgrade");  // the same is no older one
  Obstacles off;
  azure::check_upgrade(cluster_of(), "asm-1-29", kOffered, off);
  CHECK(off.empty());
}

TEST_CASE("preconditions: plug-in certificates") {
  CHECK(plugin_ca(kCa).empty());
  auto less = kCa;
  less.key_object.clear();
  CHECK(plugin_ca(less) == "plugin-ca-incomplete");
  for (const char* id :
       {"v", "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/",
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/vaults/v"}) {
    auto other = kCa;
    other.key_vault_id = id;
    CHECK_MESSAGE(plugin_ca(other) == "plugin-ca-vault-id", id);
  }
  CHECK(plugin_ca(kCa, {.profile = mesh_json(R"("asm-1-28")"), .addons = kKeyVault}) ==
        "plugin-ca-switch");
  CHECK(plugin_ca(kCa, {.profile = R"({"mode":"Istio","istio":{"revisions":["asm-1-28"],
      "certificateAuthority":{"plugin":{"keyVaultId":"v"}}}})",
                        .addons = kKeyVault})
            .empty());
  CHECK(plugin_ca(kCa, {}) == "plugin-ca-addon");
  CHECK(plugin_ca(kCa, {.addons = R"("azureKeyvaultSecretsProvider":{"enabled":true})"}) ==
        "(plugin-ca-rotation-off)");
}

TEST_CASE("preconditions: egress gateways") {
  CHECK(egress(egress_ready()).empty());
  CHECK(egress({}) == "egress-static-gateway egress-gateway-pool");
  for (const std::string name : {"", "Out", "-out", "out-", "a..b", "a_b"})
    CHECK_MESSAGE(egress(egress_ready(), name) == "egress-name", name);
  CHECK(egress(egress_ready(), "a.b-c").empty());
  CHECK(egress(egress_ready(), std::string(53, 'a')).empty());
  CHECK(egress(egress_ready(), std::string(54, 'a')) == "(egress-name)");
  CHECK(egress(egress_ready(), std::string(63, 'a')) == "(egress-name)");
  CHECK(egress(egress_ready(), std::string(64, 'a')) == "egress-name");
  auto subnet = egress_ready();
  subnet.pools += R"(,{"name":"p","podSubnetID":"/s"},{"name":"q","podSubnetID":"/s"})";
  CHECK(egress(subnet) == "egress-pod-subnet");
  auto dual = egress_ready();
  dual.more = R"("networkProfile":{"staticEgressGatewayProfile":{"enabled":true},)"
              R"("ipFamilies":["IPv4","IPv6"]},)";
  CHECK(egress(dual) == "egress-dual-stack");
  auto many = egress_ready();
  std::string gateways = R"({"name":"off","enabled":false})";
  for (int i = 0; i < 499; ++i) gateways += R"(,{"name":"g","enabled":true})";
  many.profile = mesh_json(R"("asm-1-28")", R"("egressGateways":[)" + gateways + ']');
  CHECK(egress(many).empty());
  many.profile = mesh_json(R"("asm-1-28")",
                           R"("egressGateways":[{"name":"h","enabled":true},)" + gateways + ']');
  CHECK(egress(many) == "egress-count");
}

TEST_CASE("preconditions: the redirection mechanism") {
  const auto redirection = [](const std::string& revisions, const std::string& mechanism) {
    Obstacles out;
    azure::check_redirection(cluster_of({.profile = mesh_json(revisions)}), mechanism, out);
    return told(out);
  };
  CHECK(redirection(R"("asm-1-24")", "CNIChaining") == "cni-revision");
  CHECK(redirection(R"("asm-1-24","asm-1-25")", "CNIChaining") == "cni-revision");
  CHECK(redirection(R"("asm-1-25")", "CNIChaining").empty());
  CHECK(redirection(R"("asm-1-24")", "InitContainers").empty());
}

}  // namespace aksmesh::test
