// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "azure/profile_edit.hpp"
#include "support/azure_world.hpp"

namespace aksmesh::test {
namespace {

using azure::ManagedCluster;
using Changed = Result<data::JsonDocument>;

ManagedCluster with_profile(std::string profile) {
  return cluster_of({.profile = std::move(profile)});
}

/// `path: before -> after`, each on a line; what did not change is not there.
std::string told(const ManagedCluster& cluster, const Changed& changed) {
  if (!changed) return "refused: " + changed.error().why;
  std::string out;
  for (const auto& one : data::differences(cluster.body.root(), changed->root())) {
    const std::string_view prefix = "properties.serviceMeshProfile.";
    CHECK(one.path.starts_with(prefix));
    out += (out.empty() ? "" : "\n") + one.path.substr(prefix.size()) + ": " + one.before + " -> " +
           one.after;
  }
  return out;
}

const std::string kOneText = mesh_json(R"("asm-1-28")");
const std::string kTwoText = mesh_json(R"("asm-1-29","asm-1-28")");
const std::string kStale = R"({"mode":"Disabled","istio":{"revisions":["asm-1-20"],"components":)"
                           R"({"ingressGateways":[{"mode":"External","enabled":true}]}}})";

}  // namespace

TEST_CASE("profile edit: enabling") {
  const auto off = with_profile("{}");
  CHECK(told(off, azure::enabled(off, {})) == "mode:  -> \"Istio\"\nistio:  -> {}");
  const auto disabled = with_profile(R"({"mode":"Disabled"})");
  CHECK(told(disabled,
             azure::enabled(disabled, {.revision = "asm-1-29",
                                       .plugin_ca = azure::PluginCa{"v", "c", "k", "r", "n"},
                                       .redirection = "CNIChaining"})) ==
        "mode: \"Disabled\" -> \"Istio\"\n"
        "istio.revisions:  -> [\"asm-1-29\"]\n"
        "istio.components.proxyRedirectionMechanism:  -> \"CNIChaining\"\n"
        "istio.certificateAuthority.plugin.keyVaultId:  -> \"v\"\n"
        "istio.certificateAuthority.plugin.certObjectName:  -> \"c\"\n"
        "istio.certificateAuthority.plugin.keyObjectName:  -> \"k\"\n"
        "istio.certificateAuthority.plugin.rootCertObjectName:  -> \"r\"\n"
        "istio.certificateAuthority.plugin.certChainObjectName:  -> \"n\"");
}

TEST_CASE("profile edit: a mesh that was switched off is not revived") {
  const auto stale = with_profile(kStale);
  const auto changed = azure::enabled(stale, {.revision = "asm-1-29"});
  REQUIRE(changed);
  CHECK(changed->text().find(
            R"("serviceMeshProfile":{"mode":"Istio","istio":{"revisions":["asm-1-29"]}})") !=
        std::string::npos);
  CHECK(told(stale, azure::with_ingress(stale, "External", true)) ==
        "refused: the mesh is not enabled on prod");
  CHECK(told(stale, azure::disabled(stale)).empty());
}

TEST_CASE("profile edit: enabling what is enabled") {
  const auto one =
      with_profile(mesh_json(R"("asm-1-28")", R"("proxyRedirectionMechanism":"InitContainers")"));
  CHECK(told(one, azure::enabled(one, {})).empty());
  CHECK(told(one, azure::enabled(one, {.revision = "asm-1-28", .redirection = "initcontainers"}))
            .empty());
  const auto refused = [&](const azure::EnableWish& wish) {
    const auto changed = azure::enabled(one, wish);
    REQUIRE(!changed);
    CHECK(changed.error().kind == ErrorKind::conflict);
    CHECK(changed.error().why == "it is enabled already, with asm-1-28");
    return changed.error().next.front();
  };
  CHECK(refused({.revision = "asm-1-29"}) == "aksmesh upgrade start --revision asm-1-29");
  CHECK(refused({.redirection = "CNIChaining"}) == "aksmesh redirection set CNIChaining");
  CHECK(refused({.plugin_ca = azure::PluginCa{}}).starts_with("plug-in certificates"));
  const auto two = with_profile(kTwoText);
  CHECK(told(two, azure::enabled(two, {.revision = "asm-1-28"})) ==
        "refused: it is enabled already, with asm-1-28 and asm-1-29");
}

TEST_CASE("profile edit: disabling") {
  const auto one = with_profile(kOneText);
  CHECK(told(one, azure::disabled(one)) == "mode: \"Istio\" -> \"Disabled\"");
  const auto off = with_profile("null");
  CHECK(told(off, azure::disabled(off)).empty());
}

TEST_CASE("profile edit: ingress gateways") {
  const auto none = with_profile(kOneText);
  CHECK(told(none, azure::with_ingress(none, "External", true)) ==
        "istio.components.ingressGateways[0].mode:  -> \"External\"\n"
        "istio.components.ingressGateways[0].enabled:  -> true");
  CHECK(told(none, azure::with_ingress(none, "External", false)).empty());
  const auto some = with_profile(
      mesh_json(R"("asm-1-28")", R"("ingressGateways":[{"mode":"Internal","enabled":true,"new":1},)"
                                 R"({"mode":"external","enabled":false}])"));
  CHECK(told(some, azure::with_ingress(some, "Internal", true)).empty());
  CHECK(told(some, azure::with_ingress(some, "Internal", false)) ==
        "istio.components.ingressGateways[0].enabled: true -> false");
  CHECK(told(some, azure::with_ingress(some, "External", true)) ==
        "istio.components.ingressGateways[1].enabled: false -> true");
  const auto off = with_profile("null");
  CHECK(azure::with_ingress(off, "External", true).error().facts.code == "AKM4005");
  CHECK(azure::with_ingress(off, "External", false).error().facts.code.empty());
  const auto refused = azure::with_ingress(off, "External", true);
  REQUIRE(!refused);
  CHECK(refused.error().what == "cannot enable the external ingress gateway");
  CHECK(refused.error().next == std::vector<std::string>{"aksmesh enable"});
}

TEST_CASE("profile edit: egress gateways") {
  const auto some = with_profile(mesh_json(
      R"("asm-1-28")", R"("egressGateways":[{"name":"a","enabled":true,"namespace":"n",)"
                       R"("gatewayConfigurationName":"g"},{"name":"b","enabled":false}])"));
  const auto change = [&](const azure::EgressGateway& gateway) {
    return told(some, azure::with_egress(some, gateway));
  };
  CHECK(change({.name = "a", .name_space = "n", .configuration = "g", .enabled = true}).empty());
  CHECK(change({.name = "a", .name_space = "n"}) ==
        "istio.components.egressGateways[0].enabled: true -> false");
  CHECK(change({.name = "a", .name_space = "n", .configuration = "h", .enabled = true}) ==
        "istio.components.egressGateways[0].gatewayConfigurationName: \"g\" -> \"h\"");
  CHECK(
      change(
          {.name = "b", .name_space = "aks-istio-egress", .configuration = "h", .enabled = true}) ==
      "istio.components.egressGateways[1].enabled: false -> true\n"
      "istio.components.egressGateways[1].gatewayConfigurationName:  -> \"h\"");
  CHECK(change({.name = "a", .name_space = "m", .configuration = "g", .enabled = true}) ==
        "istio.components.egressGateways[2].name:  -> \"a\"\n"
        "istio.components.egressGateways[2].namespace:  -> \"m\"\n"
        "istio.components.egressGateways[2].gatewayConfigurationName:  -> \"g\"\n"
        "istio.components.egressGateways[2].enabled:  -> true");
  CHECK(change({.name = "c", .name_space = "n"}) == "refused: there is no such egress gateway");
  const auto off = with_profile("null");
  CHECK(told(off, azure::with_egress(off, {.name = "a", .name_space = "n", .enabled = true})) ==
        "refused: the mesh is not enabled on prod");
  CHECK(azure::with_egress(off, {.name = "a", .name_space = "n", .enabled = true})
            .error()
            .facts.code == "AKM4005");
}

TEST_CASE("profile edit: the redirection mechanism") {
  const auto one = with_profile(kOneText);
  CHECK(told(one, azure::with_redirection(one, "CNIChaining")) ==
        "istio.components.proxyRedirectionMechanism:  -> \"CNIChaining\"");
  const auto set =
      with_profile(mesh_json(R"("asm-1-28")", R"("proxyRedirectionMechanism":"CNIChaining")"));
  CHECK(told(set, azure::with_redirection(set, "cnichaining")).empty());
  CHECK(told(set, azure::with_redirection(set, "InitContainers")) ==
        "istio.components.proxyRedirectionMechanism: \"CNIChaining\" -> \"InitContainers\"");
  const auto off = with_profile("null");
  CHECK(!azure::with_redirection(off, "CNIChaining"));
}

TEST_CASE("profile edit: upgrades") {
  const auto one = with_profile(kOneText);
  const auto two = with_profile(kTwoText);
  const auto off = with_profile(kStale);
  CHECK(told(one, azure::upgrade_started(one, "asm-1-29")) ==
        R"(istio.revisions: ["asm-1-28"] -> ["asm-1-28","asm-1-29"])");
  CHECK(told(two, azure::upgrade_started(two, "asm-1-29")).empty());
  CHECK(told(two, azure::upgrade_completed(two)) ==
        R"(istio.revisions: ["asm-1-29","asm-1-28"] -> ["asm-1-29"])");
  CHECK(told(two, azure::upgrade_rolled_back(two)) ==
        R"(istio.revisions: ["asm-1-29","asm-1-28"] -> ["asm-1-28"])");
  CHECK(told(one, azure::upgrade_started(one, "asm-1-28")) ==
        "refused: prod runs asm-1-28 already");
  CHECK(told(two, azure::upgrade_started(two, "asm-1-30")) ==
        "refused: an upgrade from asm-1-28 to asm-1-29 is in progress, and a cluster has at most "
        "two revisions");
  CHECK(told(one, azure::upgrade_completed(one)) ==
        "refused: no upgrade is in progress: prod runs asm-1-28 alone");
  CHECK(told(one, azure::upgrade_rolled_back(one)) ==
        "refused: no upgrade is in progress: prod runs asm-1-28 alone");
  CHECK(azure::upgrade_completed(one).error().facts.code == "AKM1108");
  CHECK(azure::upgrade_rolled_back(one).error().facts.code == "AKM1108");
  for (const auto& changed : {azure::upgrade_started(off, "asm-1-29"),
                              azure::upgrade_completed(off), azure::upgrade_rolled_back(off)})
    CHECK(told(off, changed) == "refused: the mesh is not enabled on prod");
}

TEST_CASE("profile edit: a profile of another shape is refused, not overwritten") {
  const auto odd = with_profile(R"({"mode":"Istio","istio":{"revisions":["asm-1-28"],
      "components":{"ingressGateways":{"External":true},"egressGateways":7}}})");
  for (const auto& changed :
       {azure::with_ingress(odd, "External", true),
        azure::with_egress(odd, {.name = "a", .name_space = "n", .enabled = true})}) {
    REQUIRE(!changed);
    CHECK(changed.error().kind == ErrorKind::bad_data);
  }
}

TEST_CASE("profile edit: members that nobody knows stay, byte for byte") {
  const auto cluster = with_profile(R"({"mode":"Istio","future":{"big":12345678901234567890123},)"
                                    R"("istio":{"revisions":["asm-1-28"],"x":1.10}})");
  const auto changed = azure::upgrade_started(cluster, "asm-1-29");
  REQUIRE(changed);
  CHECK(changed->text().find(R"("future":{"big":12345678901234567890123},)"
                             R"("istio":{"revisions":["asm-1-28","asm-1-29"],"x":1.10})") !=
        std::string::npos);
}

}  // namespace aksmesh::test
