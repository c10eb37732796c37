// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "support/azure_program.hpp"

namespace aksmesh::test {
TEST_CASE("enable: reads, sends, follows, shows") {
  Azure azure;
  azure.has({});
  azure.offers_revisions();
  azure.accepts(R"("serviceMeshProfile":{"mode":"Istio","istio":{"revisions":["asm-1-28"]}})");
  azure.succeeds({.profile = kOne, .etag = "e2"});
  CHECK(azure.run("aksmesh enable --yes --revision asm-1-28" + kCluster) == 0);
  CHECK(azure.says("the mesh is enabled"));
  CHECK(azure.says("revisions       asm-1-28"));
  CHECK(azure.says("kubectl label namespace NAMESPACE istio.io/rev=asm-1-28 --overwrite"));
}

TEST_CASE("enable: a second time there is nothing to do") {
  Azure azure;
  azure.has({.profile = kOne});
  CHECK(azure.run("aksmesh enable" + kCluster) == 0);
  CHECK(azure.says("the mesh is enabled already, nothing to do"));
}

TEST_CASE("enable: what an earlier run began is followed to its end") {
  Azure azure;
  azure.has({});
  azure.accepts("\"Istio\"");
  CHECK(azure.run("aksmesh enable --yes --no-wait" + kCluster) == 0);
  azure.has({.profile = kOne, .state = "Updating"});
  azure.http.expect(std::string("GET ") + kLink).answer(200, R"({"status":"Succeeded"})");
  azure.has({.profile = kOne});
  CHECK(azure.run("aksmesh enable --yes" + kCluster) == 0);
  CHECK(azure.says("enabling the mesh is under way already"));
  CHECK(azure.says("the mesh is enabled\n"));
}

TEST_CASE("enable: somebody else's operation is waited for, and not called ours") {
  Azure azure;
  azure.has({.profile = kOne, .state = "Updating"});
  azure.has({.profile = kOne});
  CHECK(azure.run("aksmesh enable --yes" + kCluster) == 0);
  CHECK(azure.says("an operation is under way that was not begun from here"));
  CHECK(azure.says("nothing to do"));
  Azure other;  // of another command
  other.has({.profile = kOne});
  other.accepts("External");
  CHECK(other.run("aksmesh gateway enable external --yes --no-wait" + kCluster) == 0);
  other.has({.profile = kOne, .state = "Upgrading"});
  CHECK(other.run("aksmesh upgrade complete --no-wait" + kCluster) == 1);
  CHECK(other.says("no upgrade is in progress"));
}

TEST_CASE("enable: after a failure the same is sent again") {
  Azure planned;
  planned.has({.profile = kOne, .state = "Failed"});
  CHECK(planned.run("aksmesh enable --dry-run" + kCluster) == 0);
  CHECK(planned.says("would send the same again"));
  CHECK(planned.says("the last operation ended with Failed"));
  Azure azure;
  azure.has({.profile = kOne, .state = "Failed"});
  azure.accepts("\"Istio\"");
  azure.http.expect(std::string("GET ") + kLink).answer(200, R"({"status":"Succeeded"})");
  azure.has({.profile = kOne});
  CHECK(azure.run("aksmesh enable --yes" + kCluster) == 0);
  CHECK(azure.says("the mesh is enabled"));
}

TEST_CASE("a good end without what was asked for is no good end") {
  Azure azure;
  azure.has({.profile = kOne});
  azure.accepts("External");
  azure.http.expect(std::string("GET ") + kLink).answer(200, R"({"status":"Succeeded"})");
  azure.has({.profile = kOne});
  CHECK(azure.run("aksmesh gateway enable external --yes" + kCluster) == 1);
  CHECK(azure.says("the ingress gateway external is off"));
}

TEST_CASE("disable: what somebody else adds meanwhile does not go unseen") {
  Azure azure;
  azure.has({.profile = kOne});
  azure.http.expect(AzureWorld::kPut)
      .answer(412, R"({"code":"PreconditionFailed","message":"The etag provided does not match"})");
  azure.has({.profile = mesh_json(R"("asm-1-28")",
                                  R"("ingressGateways":[{"mode":"External","enabled":true}])"),
             .etag = "e2"});
  CHECK(azure.run("aksmesh disable --confirm prod --skip-checks AKM4002,AKM4003" + kCluster) == 1);
  CHECK(azure.says("the External ingress gateway and its address go"));
}

TEST_CASE("enable: a dry run sends nothing, and its document can be read") {
  Azure azure;
  azure.has({});
  CHECK(azure.run("aksmesh enable --dry-run -o json" + kCluster) == 0);
  const auto document = nlohmann::json::parse(azure.out.text);
  CHECK(document["schema"] == "aksmesh/change/v1");
  CHECK(document["state"] == "planned");
  CHECK(document["changes"][0]["path"] == "properties.serviceMeshProfile.mode");
  CHECK(document["changes"][0]["before"] == "Disabled");
  CHECK(document["changes"][0]["after"] == "Istio");
}

TEST_CASE("enable: --no-wait tells how to go on") {
  Azure azure;
  azure.has({});
  azure.accepts("\"Istio\"");
  CHECK(azure.run("aksmesh enable --yes --no-wait" + kCluster) == 0);
  CHECK(azure.says("aksmesh wait --cluster-id /subscriptions/"));
}

TEST_CASE("enable: what stands against it is told before anything is sent") {
  const ClusterWish with_osm{.addons = R"("openServiceMesh":{"enabled":true})"};
  Azure refused;
  refused.has(with_osm);
  CHECK(refused.run("aksmesh enable --yes" + kCluster) != 0);
  CHECK(refused.says("the add-on openServiceMesh is on"));
  CHECK(refused.says("aksmesh explain AKM1001"));
  CHECK(refused.says("--skip-checks AKM1001"));
  for (const char* name : {"AKM1001", "osm-addon-enabled"}) {
    Azure skipped;
    skipped.has(with_osm);
    skipped.accepts("\"Istio\"");
    CHECK(skipped.run("aksmesh enable --yes --no-wait --skip-checks " + std::string(name) +
                      kCluster) == 0);
    CHECK(skipped.says("skipped check: AKM1001"));
  }
  FakeWorld unknown;  // nothing is read before the line is right
  unknown.env.values = {
      {"AZURE_TENANT_ID", "t"}, {"AZURE_CLIENT_ID", "c"}, {"AZURE_CLIENT_SECRET", "s"}};
  CHECK(unknown.run("aksmesh enable --yes --skip-checks AKM0000" + kCluster) == 2);
  CHECK(unknown.err.text.find("unknown check 'AKM0000'") != std::string::npos);
}

TEST_CASE("enable: without a terminal it wants --yes") {
  Azure azure;
  azure.has({});
  CHECK(azure.run("aksmesh enable" + kCluster) == 2);
  CHECK(azure.says("--yes"));
  Azure told_not_to_ask;
  told_not_to_ask.at_terminal("y");
  told_not_to_ask.has({});
  CHECK(told_not_to_ask.run("aksmesh enable --no-input" + kCluster) == 2);
}

TEST_CASE("enable: at a terminal the plan is shown and asked for") {
  Azure agreed;
  agreed.at_terminal("y");
  agreed.has({});
  agreed.accepts("\"Istio\"");
  CHECK(agreed.run("aksmesh enable --no-wait" + kCluster) == 0);
  CHECK(agreed.err.text.find("+ properties.serviceMeshProfile.mode: \"Istio\"") !=
        std::string::npos);
  for (const char* no : {"n", "", "maybe"}) {
    Azure declined;
    declined.at_terminal(no);
    declined.has({});
    CHECK(declined.run("aksmesh enable" + kCluster) != 0);
    CHECK(declined.says("nothing was changed"));
  }
}

TEST_CASE("disable: the name of the cluster is typed, or given") {
  Azure typed;
  typed.at_terminal("prod");
  typed.has({.profile = kOne});
  typed.accepts(R"("serviceMeshProfile":{"mode":"Disabled","istio":)");
  typed.succeeds({.etag = "e2"});
  CHECK(typed.run("aksmesh disable --skip-checks AKM4002,AKM4003" + kCluster) == 0);
  CHECK(typed.says("istiod asm-1-28 goes"));
  CHECK(typed.says("the mesh is disabled"));
  Azure yes;
  yes.at_terminal("y");
  yes.has({.profile = kOne});
  CHECK(yes.run("aksmesh disable --skip-checks AKM4002,AKM4003" + kCluster) != 0);
  CHECK(yes.says("nothing was changed"));
  Azure given;
  given.has({.profile = kOne});
  given.accepts("\"Disabled\"");
  CHECK(given.run("aksmesh disable --no-wait --confirm prod --skip-checks AKM4002,AKM4003" +
                  kCluster) == 0);
  Azure other;
  other.has({.profile = kOne});
  CHECK(other.run("aksmesh disable --confirm test --skip-checks AKM4002,AKM4003" + kCluster) == 2);
  CHECK(other.says("--confirm names 'test', and the cluster is prod"));
}

TEST_CASE("disable: what nobody could look at is not passed") {
  Azure unseen;
  unseen.has({.profile = kOne});
  CHECK(unseen.run("aksmesh disable --confirm prod" + kCluster) == 5);
  CHECK(unseen.says("could not look into the cluster"));
  CHECK(unseen.says("--skip-checks AKM4002"));
}

TEST_CASE("upgrade complete: what nobody could look at is not passed") {
  Azure unseen;
  unseen.has({.profile = kTwo});
  CHECK(unseen.run("aksmesh upgrade complete --confirm prod -o json" + kCluster) == 5);
  CHECK(unseen.says(R"("kind":"could-not-look")"));
  Azure stopped;  // what is seen to be in the way counts more
  stopped.has({.profile = kTwo, .power = "Stopped"});
  CHECK(stopped.run("aksmesh upgrade complete --confirm prod" + kCluster) == 1);
}

TEST_CASE("enable: a right that only a check wants leaves its questions open") {
  const std::string line = "aksmesh enable --yes --no-wait --revision asm-1-28" + kCluster;
  for (const int status : {403, 404}) {
    Azure denied;
    denied.has({});
    denied.hides("meshRevisionProfiles", status);
    CHECK(denied.run(line) == 5);
    CHECK(denied.says("could not look whether westus2 offers asm-1-28"));
    CHECK(denied.says("--skip-checks AKM1104"));
    CHECK(denied.says("aksmesh help permissions") == (status == 403));
    CHECK(denied.says("--skip-checks AKM1101"));
  }
  Azure skipped;
  skipped.has({});
  skipped.hides("meshRevisionProfiles");
  skipped.accepts("\"Istio\"");
  CHECK(skipped.run(line + " --skip-checks AKM1104,AKM1101") == 0);
  Azure dry;
  dry.has({});
  dry.hides("meshRevisionProfiles");
  CHECK(dry.run(line + " --dry-run") == 0);
  CHECK(dry.says("could not look whether asm-1-28 runs on Kubernetes 1.34.4 (AKM1101)"));
  Azure both;
  both.has({.addons = R"("openServiceMesh":{"enabled":true})"});
  both.hides("meshRevisionProfiles");
  CHECK(both.run(line) == 1);
  Azure cluster_too;
  cluster_too.hides("managedClusters/prod");
  CHECK(cluster_too.run(line) == 4);
  Azure signed_out;
  signed_out.has({});
  signed_out.http.expect("GET *meshRevisionProfiles?*").answer(401, "{}");
  signed_out.http.expect("POST https://login.microsoftonline.com/t/oauth2/v2.0/token")
      .answer(401, R"({"error":"invalid_client"})");
  CHECK(signed_out.run(line) == 4);
}

TEST_CASE("upgrade start: rights on the cluster alone are enough with the codes") {
  const std::string line = "aksmesh upgrade start --yes --no-wait --revision asm-1-29" + kCluster;
  Azure denied;
  denied.has({.profile = kOne});
  denied.hides("meshRevisionProfiles");
  denied.hides("meshUpgradeProfiles");
  CHECK(denied.run(line) == 5);
  CHECK(denied.says("could not look whether asm-1-29 is among the targets"));
  Azure skipped;
  skipped.has({.profile = kOne});
  skipped.hides("meshRevisionProfiles");
  skipped.hides("meshUpgradeProfiles");
  skipped.accepts(R"("revisions":["asm-1-28","asm-1-29"])");
  CHECK(skipped.run(line + " --skip-checks AKM1104,AKM1101,AKM1110") == 0);
  Azure older;  // what can be seen without them is
  older.has({.profile = mesh_json(R"("asm-1-30")")});
  older.hides("meshRevisionProfiles");
  older.hides("meshUpgradeProfiles");
  CHECK(older.run(line) == 1);
  CHECK(older.says("the cluster runs asm-1-30, which is newer"));
}

TEST_CASE("enable: Istio CNI is compared with what will be installed") {
  const std::string line =
      "aksmesh enable --dry-run --proxy-redirection-mechanism CNIChaining" + kCluster;
  const auto offers = [](Azure& azure, const std::string& one, const std::string& other) {
    azure.has({});
    azure.http.expect("GET *meshRevisionProfiles?*")
        .answer(200, R"({"value":[{"properties":{"meshRevisions":[{"revision":")" + one +
                         R"("},{"revision":")" + other + R"("}]}}]})");
  };
  Azure old;
  offers(old, "asm-1-24", "asm-1-25");
  CHECK(old.run(line + " --revision asm-1-24 --skip-checks AKM1101") == 1);
  CHECK(old.says("AKM9001"));
  Azure chosen;
  offers(chosen, "asm-1-25", "asm-1-26");
  CHECK(chosen.run(line) == 0);
  CHECK_FALSE(chosen.says("AKM9001"));
  Azure unknown;
  offers(unknown, "asm-1-24", "asm-1-25");
  CHECK(unknown.run(line) == 0);
  CHECK(unknown.says("not known which revision Azure chooses"));
  Azure none;
  offers(none, "asm-1-23", "asm-1-24");
  CHECK(none.run(line) == 1);
}

TEST_CASE("gateways: options of another kind are no options") {
  for (const std::string option : {"--egress-name x", "--egress-namespace x",
                                   "--gateway-configuration-name x", "--istio-eg-gtw-name x"}) {
    FakeWorld world;
    CHECK(world.run("aksmesh gateway enable external --yes " + option + kCluster) == 2);
    CHECK(world.err.text.find("does not take --") != std::string::npos);
  }
  FakeWorld disabling;
  CHECK(disabling.run("aksmesh gateway disable internal --egress-name x" + kCluster) == 2);
}

TEST_CASE("words of az are taken, or answered") {
  for (const std::string line :
       {"aksmesh proxy-redirection-mechanism --mechanism cnichaining",
        "aksmesh redirection set CNICHAINING --only-show-errors --debug"}) {
    Azure azure;
    azure.has({.profile = kOne});
    azure.accepts(R"("proxyRedirectionMechanism":"CNIChaining")");
    CHECK(azure.run(line + " --yes --no-wait" + kCluster) == 0);
  }
  Azure gateway;
  gateway.has({.profile = kOne});
  gateway.accepts(R"({"mode":"Internal","enabled":true})");
  CHECK(gateway.run("aksmesh enable-ingress-gateway --ingress-gateway-type INTERNAL --yes "
                    "--no-wait" +
                    kCluster) == 0);
  const std::pair<std::string, std::string> answers[] = {{"--query mesh.mode", "-o json | jq"},
                                                         {"-o tsv", "-o json | jq -r"},
                                                         {"-o none", "--quiet"},
                                                         {"-o jsonc", "try:  -o json"},
                                                         {"-o yamlc", "try:  -o yaml"}};
  for (const auto& [words, answer] : answers) {
    FakeWorld world;
    CHECK(world.run("aksmesh show " + words + kCluster) == 2);
    CHECK_MESSAGE(world.err.text.find(answer) != std::string::npos, world.err.text);
  }
}

TEST_CASE("upgrade: start, complete and rollback") {
  Azure start;
  start.has({.profile = kOne});
  start.offers_revisions();
  start.offers_upgrades();
  start.accepts(R"("revisions":["asm-1-28","asm-1-29"])");
  start.succeeds({.profile = kTwo, .etag = "e2"});
  CHECK(start.run("aksmesh upgrade start --yes --revision asm-1-29" + kCluster) == 0);
  CHECK(start.says("asm-1-28 -> asm-1-29"));
  Azure complete;
  complete.has({.profile = kTwo});
  complete.accepts(R"("revisions":["asm-1-29"])");
  CHECK(complete.run("aksmesh upgrade complete --confirm prod --no-wait --skip-checks AKM3007" +
                     kCluster) == 0);
  Azure rollback;
  rollback.has({.profile = kTwo});
  rollback.accepts(R"("revisions":["asm-1-28"])");
  CHECK(rollback.run("aksmesh upgrade rollback --yes --no-wait" + kCluster) == 0);
}

TEST_CASE("upgrade: no third revision, and no older one") {
  Azure third;
  third.has({.profile = kTwo});
  CHECK(third.run("aksmesh upgrade start --yes --revision asm-1-30" + kCluster) != 0);
  CHECK(third.says("a cluster has at most two revisions"));
  Azure older;
  older.has({.profile = mesh_json(R"("asm-1-29")")});
  older.offers_revisions();
  older.offers_upgrades();
  CHECK(older.run("aksmesh upgrade start --yes --revision asm-1-28" + kCluster) != 0);
  CHECK(older.says("the cluster runs asm-1-29, which is newer"));
  Azure none;
  none.has({.profile = kOne});
  CHECK(none.run("aksmesh upgrade complete --yes" + kCluster) != 0);
  CHECK(none.says("no upgrade is in progress"));
}

TEST_CASE("a failed operation is told with its reason") {
  Azure azure;
  azure.has({});
  azure.accepts("\"Istio\"");
  azure.http.expect(std::string("GET ") + kLink)
      .answer(200, R"({"status":"Failed","error":{"code":"Quota","message":"no cores left"}})");
  azure.has({.profile = kOne, .state = "Failed"});
  CHECK(azure.run("aksmesh enable --yes" + kCluster) != 0);
  CHECK(azure.says("no cores left"));
  CHECK(azure.says("operation 7"));
}

TEST_CASE("Ctrl-C while it waits") {
  Azure azure;
  azure.clock.interrupted_at = 1;
  azure.has({});
  azure.accepts("\"Istio\"");
  CHECK(azure.run("aksmesh enable --yes" + kCluster) == 130);
  CHECK(azure.says("goes on in Azure"));
  CHECK(azure.says("aksmesh wait --cluster-id"));
}

}  // namespace aksmesh::test
