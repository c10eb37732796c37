// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "azure/preconditions.hpp"
#include "checks/teller.hpp"
#include "mesh/table.hpp"
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

std::string new_mesh(const ClusterWish& wish, const std::string& revision = {},
                     const std::string& mechanism = {}) {
  Obstacles out;
  azure::check_new_mesh(cluster_of(wish), revision, mechanism, out);
  return told(out);
}

std::string kubernetes(const std::string& version, const sys::Date& today,
                       const std::string& plan = "KubernetesOfficial") {
  Obstacles out;
  azure::check_kubernetes(
      cluster_of({.kubernetes = version, .more = R"("supportPlan":")" + plan + "\","}), today, out);
  return told(out);
}

std::string revision(const std::string& wanted, const std::string& plan = {}) {
  Obstacles out;
  ClusterWish wish;
  if (!plan.empty()) wish.more = R"("supportPlan":")" + plan + "\",";
  azure::check_revision(cluster_of(wish), wanted, kOffered, out);
  return told(out);
}

std::string support(const ClusterWish& wish) {
  Obstacles out;
  azure::check_support(cluster_of(wish), kOffered, out);
  return told(out);
}

std::string upgrade(const std::string& wanted) {
  Obstacles out;
  azure::check_upgrade(cluster_of({.profile = mesh_json(R"("asm-1-28")")}), wanted, kOffered, out);
  return told(out);
}

std::string native(const ClusterWish& wish, const std::string& target) {
  Obstacles out;
  azure::check_native_sidecars(cluster_of(wish), target, out);
  return told(out);
}

std::string redirection(const ClusterWish& wish, const std::string& mechanism) {
  Obstacles out;
  azure::check_redirection(cluster_of(wish), mechanism, out);
  return told(out);
}

std::string disabling(const ClusterWish& wish) {
  Obstacles out;
  azure::check_disable(cluster_of(wish), out);
  return told(out);
}

ClusterWish with_plan(const std::string& plan, const std::string& version) {
  return {.profile = mesh_json(R"("asm-1-28")"),
          .kubernetes = version,
          .more = R"("supportPlan":")" + plan + "\","};
}

ClusterWish with_security(const std::string& member) {
  return {.more = R"("networkProfile":{"advancedNetworking":{"security":{)" + member + "}}},"};
}

ClusterWish with_app_routing(const std::string& mode) {
  return {.more = R"("ingressProfile":{"webAppRouting":{"gatewayAPIImplementations":
      {"appRoutingIstio":{"mode":")" +
                  mode + R"("}}}},)"};
}

ClusterWish egress_with(const std::string& more, const std::string& pool) {
  auto out = egress_ready();
  if (!more.empty())
    out.more = R"("networkProfile":{"staticEgressGatewayProfile":{"enabled":true},)" + more + "},";
  if (!pool.empty()) out.pools = pool;
  return out;
}

/// One obstacle: what is told when it is there, and when it is not.
struct Case {
  const char* told;  ///< its slug, in brackets when it is a warning
  std::string (*look)(bool there);
};

const Case kCases[] = {
    {"cluster-busy", [](bool on) { return state({.state = on ? "Updating" : "Succeeded"}); }},
    {"osm-addon-enabled",
     [](bool on) {
       return conflicts(
           {.addons = std::string(R"("openServiceMesh":{"enabled":)") + (on ? "true}" : "false}")});
     }},
    {"app-routing-istio",
     [](bool on) { return conflicts(with_app_routing(on ? "Enabled" : "Disabled")); }},
    {"(app-routing-istio)",
     [](bool on) { return disabling(with_app_routing(on ? "Enabled" : "Disabled")); }},
    {"cilium-mtls",
     [](bool on) {
       return conflicts(with_security(on ? R"("transitEncryption":{"type":"mTLS"})"
                                         : R"("transitEncryption":{"type":"WireGuard"})"));
     }},
    {"(acns-l7-policy)",
     [](bool on) {
       return conflicts(with_security(on ? R"("advancedNetworkPolicies":"L7")"
                                         : R"("advancedNetworkPolicies":"FQDN")"));
     }},
    {"(virtual-nodes)",
     [](bool on) {
       return conflicts({.addons = on ? R"("aciConnectorLinux":{"enabled":true})" : ""});
     }},
    {"(windows-containers)",
     [](bool on) {
       return conflicts({.pools = on ? R"({"name":"w","osType":"Windows"})"
                                     : R"({"name":"l","osType":"Linux"})"});
     }},
    {"(http-proxy-serviceentry)",
     [](bool on) {
       return conflicts(
           {.more = on ? R"("httpProxyConfig":{"httpsProxy":"http://10.0.0.4:3128"},)"
                       : R"("httpProxyConfig":{"httpProxy":"http://p:1","enabled":false},)"});
     }},
    {"(azure-policy-capabilities)",
     [](bool on) {
       return new_mesh({.addons = R"("azurepolicy":{"enabled":true})"}, "asm-1-29",
                       on ? "" : "CNIChaining");
     }},
    {"(azure-policy-capabilities)",
     [](bool on) { return new_mesh({.sku = on ? "Automatic" : "Base"}, "asm-1-29"); }},
    {"(azure-policy-capabilities)",
     [](bool on) {
       return redirection(
           {.profile = mesh_json(R"("asm-1-28")"), .addons = R"("azurepolicy":{"enabled":true})"},
           on ? "InitContainers" : "CNIChaining");
     }},
    {"cni-revision",
     [](bool on) { return new_mesh({}, on ? "asm-1-24" : "asm-1-25", "CNIChaining"); }},
    {"(cni-default-change)",
     [](bool on) { return new_mesh({}, "asm-1-30", on ? "" : "InitContainers"); }},
    {"(native-sidecar-prereq)",
     [](bool on) { return new_mesh({.kubernetes = on ? "1.32.9" : "1.33.0"}, "asm-1-29"); }},
    {"(native-sidecar-prereq)",
     [](bool on) {
       return new_mesh({.pools = on ? R"({"name":"p","currentOrchestratorVersion":"1.31.1"})"
                                    : R"({"name":"p","currentOrchestratorVersion":"1.33.1"})"},
                       "asm-1-27");
     }},
    {"(native-sidecar-prereq)",
     [](bool on) {
       return new_mesh({.pools = on ? R"({"name":"p","powerState":{"code":"Stopped"}})"
                                    : R"({"name":"p","powerState":{"code":"Running"}})"});
     }},
    {"(disabled-profile-residue)",
     [](bool on) {
       return new_mesh({.profile = on ? R"({"mode":"Disabled","istio":{"revisions":["asm-1-17"]}})"
                                      : R"({"mode":"Disabled","istio":null})"});
     }},
    {"cluster-version-unsupported",
     [](bool on) {
       return kubernetes("1.31.2", on ? sys::Date{2025, 11, 2} : sys::Date{2025, 11, 1});
     }},
    {"revision-not-offered", [](bool on) { return revision(on ? "asm-1-30" : "asm-1-29"); }},
    {"cluster-version-incompatible",
     [](bool on) { return revision(on ? "asm-1-27" : "asm-1-28"); }},
    {"(revision-unsupported)",
     [](bool on) {
       return support({.profile = mesh_json(on ? R"("asm-1-26")" : R"("asm-1-28")")});
     }},
    {"(lts-no-supported-revision)",
     [](bool on) { return support(with_plan("AKSLongTermSupport", on ? "1.30.1" : "1.31.1")); }},
    {"downgrade", [](bool on) { return upgrade(on ? "asm-1-9" : "asm-1-29"); }},
    {"upgrade-skips-too-far", [](bool on) { return upgrade(on ? "asm-1-31" : "asm-1-29"); }},
    {"(native-sidecar-turns-on)",
     [](bool on) {
       return native(
           {.profile = mesh_json(R"("asm-1-28")"), .kubernetes = on ? "1.33.0" : "1.32.0"},
           "asm-1-29");
     }},
    {"plugin-ca-addon", [](bool on) { return plugin_ca(kCa, {.addons = on ? "" : kKeyVault}); }},
    {"plugin-ca-incomplete",
     [](bool on) {
       auto ca = kCa;
       if (on) ca.root_cert_object.clear();
       return plugin_ca(ca);
     }},
    {"plugin-ca-vault-id",
     [](bool on) {
       auto ca = kCa;
       if (on) ca.key_vault_id = "/subscriptions/s";
       return plugin_ca(ca);
     }},
    {"plugin-ca-switch",
     [](bool on) {
       return plugin_ca(kCa, {.profile = on ? mesh_json(R"("asm-1-28")") : ClusterWish{}.profile,
                              .addons = kKeyVault});
     }},
    {"(plugin-ca-rotation-off)",
     [](bool on) {
       return plugin_ca(
           kCa, {.addons = on ? R"("azureKeyvaultSecretsProvider":{"enabled":true})" : kKeyVault});
     }},
    {"egress-static-gateway",
     [](bool on) {
       auto wish = egress_ready();
       if (on) wish.more.clear();
       return egress(wish);
     }},
    {"egress-gateway-pool",
     [](bool on) { return egress(egress_with({}, on ? R"({"name":"p","mode":"User"})" : "")); }},
    {"egress-pod-subnet",
     [](bool on) {
       return egress(egress_with({}, on ? R"({"name":"g","mode":"Gateway","podSubnetID":"/s"})"
                                        : R"({"name":"g","mode":"Gateway"})"));
     }},
    {"egress-dual-stack",
     [](bool on) {
       return egress(
           egress_with(on ? R"("ipFamilies":["IPv4","IPv6"])" : R"("ipFamilies":["IPv4"])", {}));
     }},
    {"egress-name", [](bool on) { return egress(egress_ready(), on ? "Out" : "out"); }},
    {"egress-count",
     [](bool on) {
       auto wish = egress_ready();
       std::string gateways = R"({"name":"out","namespace":"n","enabled":true})";
       for (int i = 0; i < (on ? 500 : 499); ++i) gateways += R"(,{"name":"g","enabled":true})";
       wish.profile = mesh_json(R"("asm-1-28")", R"("egressGateways":[)" + gateways + ']');
       return egress(wish);
     }},
};

std::string slug_of(std::string_view told) {
  if (told.starts_with('(')) told = told.substr(1, told.size() - 2);
  return std::string(told);
}

/// Limitations that Azure's data have a part in and that no precondition looks for, with the
/// reason.
const std::map<std::string, std::string> kElsewhere{
    {"upgrade-in-progress", "the edit of the profile refuses a third revision"},
    {"upgrade-not-in-progress", "the edit of the profile refuses to end what is not"},
    {"ingress-too-many", "the edit of the profile never makes a second gateway of a type"},
    {"implicit-enable", "the edit of the profile refuses gateways without a mesh"},
    {"arm-lost-update", "every change is sent with If-Match"},
    {"gateway-api-ingress", "it matters only when the cluster has such Gateways"},
    {"plugin-ca-permission", "role assignments and policies of the vault are no data of AKS"},
    {"plugin-ca-object-missing", "the secrets of the vault are no data of AKS"},
    {"managed-namespace", "it matters only when labels are changed, which these commands do not"},
};

}  // namespace

TEST_CASE("preconditions: the cluster runs, and nothing is under way") {
  CHECK(state({}).empty());
  CHECK(state({.state = "Updating"}) == "cluster-busy");
  CHECK(state({.state = "Failed"}) == "(cluster-busy)");
  CHECK(state({.power = "Stopped"}) == "cluster-busy");
}

TEST_CASE("preconditions: each is told when it is there, and only then") {
  for (const auto& one : kCases) {
    CAPTURE(one.told);
    CHECK(one.look(true) == one.told);
    CHECK(one.look(false) == "");
  }
}

TEST_CASE("law: what Azure's data show of a limitation is looked at before a change") {
  std::set<std::string> looked;
  for (const auto& one : kCases) looked.insert(slug_of(one.told));
  const std::set<std::string_view> phases{"enable", "disable", "upgrade", "gateway"};
  std::set<std::string> known;
  for (const auto& row : mesh::table("limitations.json")["limitations"].items()) {
    const std::string id(row["id"].text());
    const auto severity = row.at("policies", "current", "severity").text();
    if (looked.contains(id) && severity != "error")
      CHECK_MESSAGE(std::none_of(std::begin(kCases), std::end(kCases),
                                 [&](const Case& one) { return one.told == id; }),
                    id, " must not stop a change");
    const auto has = [](const data::Node& list, auto wanted) {
      const auto items = list.items();
      return std::any_of(items.begin(), items.end(), wanted);
    };
    if (severity == "none" ||
        !has(row["detection"], [](const auto& one) { return one["api"].text() == "arm"; }) ||
        !has(row["phase"], [&](const auto& one) { return phases.contains(one.text()); }))
      continue;
    known.insert(id);
    CHECK_MESSAGE(looked.contains(id) != kElsewhere.contains(id), id);
  }
  CHECK(known.size() > 30);
  for (const auto& [id, why] : kElsewhere) CHECK_MESSAGE(known.contains(id), id);
}

TEST_CASE("preconditions: support of Kubernetes ends by the calendar") {
  const sys::Date today{2026, 8, 21};
  CHECK(kubernetes("1.34.4", today).empty());
  CHECK(kubernetes("1.33.1", today) == "cluster-version-unsupported");
  CHECK(kubernetes("1.33.1", {2026, 7, 31}).empty());
  CHECK(kubernetes("1.33.1", today, "AKSLongTermSupport").empty());
  CHECK(kubernetes("1.30.1", today, "AKSLongTermSupport") == "cluster-version-unsupported");
  CHECK(kubernetes("1.28.1", today) == "cluster-version-unsupported");
  CHECK(kubernetes("1.99.0", today).empty());
  CHECK(kubernetes("", today).empty());
  // The calendar foretells this end only.
  CHECK(kubernetes("1.34.4", {2026, 12, 1}) == "(cluster-version-unsupported)");
}

TEST_CASE("preconditions: sidecars of a new mesh") {
  CHECK(new_mesh({}).empty());
  // Who chooses no revision is not told what the service's own would bring.
  CHECK(new_mesh({.addons = R"("azurepolicy":{"enabled":true})"}, "asm-1-30") ==
        "(cni-default-change)");
  CHECK(new_mesh({.addons = R"("azurepolicy":{"enabled":true})"}, "asm-1-30", "InitContainers") ==
        "(azure-policy-capabilities)");
  CHECK(new_mesh({.kubernetes = "1.31.1"}, "asm-1-26").empty());
  CHECK(new_mesh({.kubernetes = "1.31.1"}) == "(native-sidecar-prereq)");
  // On from there already, or on neither side.
  CHECK(native({.profile = mesh_json(R"("asm-1-29")")}, "asm-1-30").empty());
  CHECK(native({.profile = mesh_json(R"("asm-1-27")")}, "asm-1-28").empty());
  CHECK(native({.profile = mesh_json(R"("asm-1-28")"),
                .pools = R"({"name":"p","currentOrchestratorVersion":"1.32.1"})"},
               "asm-1-29")
            .empty());
}

TEST_CASE("preconditions: a proxy's address is not told") {
  Obstacles out;
  azure::check_conflicts(
      cluster_of({.more = R"("httpProxyConfig":{"httpProxy":"http://u:SECRET@p:1"},)"}), out);
  REQUIRE(out.size() == 1);
  CHECK(out[0].why.find("SECRET") == std::string::npos);
}

TEST_CASE("preconditions: pools of egress gateways") {
  const auto pool = [](const std::string& members) {
    return egress(egress_with({}, R"({"name":"g","mode":"Gateway",)" + members + "}"));
  };
  const std::string wrong = "egress-gateway-pool";
  CHECK(pool(R"("osType":"Linux","count":2,"gatewayProfile":{"publicIPPrefixSize":31})").empty());
  CHECK(pool(R"("osType":"Windows")") == wrong);
  CHECK(pool(R"("enableAutoScaling":true)") == wrong);
  CHECK(pool(R"("gatewayProfile":{"publicIPPrefixSize":27})") == wrong);
  CHECK(pool(R"("gatewayProfile":{"publicIPPrefixSize":32})") == wrong);
  CHECK(pool(R"("count":3,"gatewayProfile":{"publicIPPrefixSize":31})") == wrong);
  CHECK(pool(R"("enableAutoScaling":true},{"name":"h","mode":"Gateway")") == "(" + wrong + ")");
}

TEST_CASE("preconditions: the revision is offered and fits") {
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
  const auto of = [](const std::string& revisions, const std::string& mechanism) {
    return redirection({.profile = mesh_json(revisions)}, mechanism);
  };
  CHECK(of(R"("asm-1-24")", "CNIChaining") == "cni-revision");
  CHECK(of(R"("asm-1-24","asm-1-25")", "CNIChaining") == "cni-revision");
  CHECK(of(R"("asm-1-25")", "CNIChaining").empty());
  CHECK(of(R"("asm-1-24")", "InitContainers").empty());
}

}  // namespace aksmesh::test
