// SPDX-License-Identifier: Apache-2.0
// Who signs in and to what, what a trace leaves behind, and who can read the files that are
// written.
#include <algorithm>

#include <doctest/doctest.h>

#include "support/azure_world.hpp"

namespace aksmesh::test {
namespace {

constexpr const char* kMain = "00000000-0000-0000-0000-000000000001";
constexpr const char* kGuest = "00000000-0000-0000-0000-000000000002";
constexpr const char* kProfile =
    R"({"subscriptions": [
  {"id": "00000000-0000-0000-0000-000000000001", "name": "Main", "isDefault": true,
   "tenantId": "t1", "environmentName": "AzureCloud", "user": {"name": "a@x"}},
  {"id": "00000000-0000-0000-0000-000000000002", "name": "Guest",
   "tenantId": "t2", "environmentName": "AzureCloud", "user": {"name": "b@y"}}]})";
constexpr const char* kManaged = "GET https://management.azure.com/*/managedClusters/prod?*";

std::string id_in(const std::string& subscription) {
  return "/subscriptions/" + subscription +
         "/resourceGroups/shop/providers/Microsoft.ContainerService/managedClusters/prod";
}

/// A user of az.
struct AzUser : FakeWorld {
  AzUser() {
    env.values = {{"HOME", "/home/u"}};
    files.content["/home/u/.azure/azureProfile.json"] = kProfile;
    process.results.push_back(
        sys::ProgramResult{.out = R"({"accessToken": "t", "expires_on": 1788270000})"});
  }
};

/// A service principal that is signed in.
struct Service : FakeWorld {
  Service() {
    env.values = {{"HOME", "/home/u"},
                  {"AZURE_TENANT_ID", "t"},
                  {"AZURE_CLIENT_ID", "c"},
                  {"AZURE_CLIENT_SECRET", "SECRET"},
                  {"AZURE_SUBSCRIPTION_ID", kMain}};
    http.expect("POST https://login.microsoftonline.com/t/oauth2/v2.0/token")
        .answer(200, R"({"access_token":"TOKEN","expires_in":3600})");
  }
};

}  // namespace

TEST_CASE("session: a Resource Manager that tells nothing of its cloud says why") {
  AzUser world;
  world.http.expect("GET https://arm.example/metadata/endpoints?*").answer(429);
  const auto id = id_in(kMain);
  const auto code =
      world.run("aksmesh show --cluster-id " + id + " --arm-endpoint https://arm.example");
  CHECK(code == 1);
  CHECK_MESSAGE(world.err.text.find("cannot learn about the cloud of https://arm.example") !=
                    std::string::npos,
                world.err.text);
  CHECK(world.err.text.find("arm.example/metadata/endpoints, 429") != std::string::npos);
}

TEST_CASE("session: az signs in for the subscription of --cluster-id") {
  AzUser world;
  world.http.expect(kManaged).answer(200, cluster_json());
  CHECK_MESSAGE(world.run("aksmesh show --cluster-id " + id_in(kGuest)) == 0, world.err.text);
  REQUIRE(world.process.runs.size() == 1);
  CHECK(world.process.runs.front().arguments.back() == kGuest);
}

TEST_CASE("session: --identity chooses a managed identity") {
  FakeWorld world;
  world.env.values = {{"HOME", "/home/u"}, {"AZURE_CLIENT_ID", "c"}};
  world.http.expect("GET http://169.254.169.254/*&object_id=" + std::string(kGuest))
      .answer(200, R"({"access_token": "t", "expires_on": "1788350400"})");
  world.http.expect(kManaged).answer(200, cluster_json());
  CHECK_MESSAGE(world.run("aksmesh show --identity object:" + std::string(kGuest) +
                          " --cluster-id " + id_in(kMain)) == 0,
                world.err.text);
  const std::string show = "aksmesh show --cluster-id " + id_in(kMain);
  CHECK(world.run(show + " --identity name") == 2);
  CHECK(world.run(show + " --auth az --identity " + kGuest) == 2);
  CHECK(world.err.text.find("--identity is of no use with --auth az") != std::string::npos);
}

TEST_CASE("session: the names of the SDKs and of Terraform are taken") {
  Service world;
  world.env.values.erase("AZURE_SUBSCRIPTION_ID");
  world.env.values["ARM_SUBSCRIPTION_ID"] = kGuest;
  world.http
      .expect("GET https://management.azure.com/subscriptions/" + std::string(kGuest) +
              "/*/managedClusters/prod?*")
      .answer(200, cluster_json());
  CHECK_MESSAGE(world.run("aksmesh show -g shop --cluster prod --cloud AzurePublicCloud") == 0,
                world.err.text);
}

TEST_CASE("session: revisions are those of az's region when no other is said") {
  Service world;
  world.env.values["AZURE_DEFAULTS_LOCATION"] = "westus2";
  world.http.expect("GET https://management.azure.com/*/locations/westus2/meshRevisionProfiles?*")
      .answer(200, R"({"value": []})");
  CHECK_MESSAGE(world.run("aksmesh revisions") == 0, world.err.text);
}

TEST_CASE("session: a new trace is for its owner alone, one that is there keeps its mode") {
  for (const bool is_there : {false, true}) {
    Service world;
    if (is_there) world.files.content["trace"] = "before\n";
    world.http.expect(kManaged).answer(200, cluster_json());
    CHECK(world.run("aksmesh show -g shop --cluster prod --trace-file trace") == 0);
    CHECK(world.files.private_paths.contains("trace") != is_there);
    CHECK(world.files.content["trace"].starts_with(is_there ? "before\n" : "{"));
    CHECK(world.files.content["trace"].find("managedClusters/prod") != std::string::npos);
  }
}

TEST_CASE("session: a trace that cannot be written is told once") {
  Service world;
  world.files.content["full"] = "";
  world.files.full.insert("full");
  world.http.expect(kManaged).answer(200, cluster_json());
  CHECK(world.run("aksmesh show -g shop --cluster prod --trace-file full") == 0);
  const std::string says = "no trace from here on: cannot write full";
  const auto at = world.err.text.find(says);
  REQUIRE_MESSAGE(at != std::string::npos, world.err.text);
  CHECK(world.err.text.find(says, at + 1) == std::string::npos);
}

TEST_CASE("session: a kubeconfig is for its owner alone, or it is said that it is not") {
  // apiVersion: v1, contexts: []
  const std::string answer =
      R"({"kubeconfigs":[{"name":"u","value":"YXBpVmVyc2lvbjogdjEKY29udGV4dHM6IFtdCg=="}]})";
  struct Row {
    const char* options;
    const char* there;
  };
  for (const auto& [options, there] :
       {Row{"--kubeconfig - --output-file new", ""}, Row{"--kubeconfig - --output-file old", "old"},
        Row{"--kubeconfig new", ""}, Row{"--kubeconfig old", "old"}}) {
    CAPTURE(options);
    Service world;
    if (*there != '\0') world.files.content[there] = "apiVersion: v1\n";
    world.http.expect("POST https://management.azure.com/*/listClusterUserCredential?*")
        .answer(200, answer);
    CHECK_MESSAGE(
        world.run("aksmesh credentials -g shop --cluster prod " + std::string(options)) == 0,
        world.err.text);
    CHECK(world.files.private_paths.contains("new") == (*there == '\0'));
    CHECK((world.err.text.find("chmod 600 old") != std::string::npos) == (*there != '\0'));
  }
}

}  // namespace aksmesh::test
