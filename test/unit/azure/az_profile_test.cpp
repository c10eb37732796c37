// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "azure/az_profile.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

constexpr const char* kProfile =
    "\xEF\xBB\xBF"
    R"({"subscriptions": [
  {"id": "00000000-0000-0000-0000-000000000001", "name": "Dev", "isDefault": false,
   "tenantId": "t1", "environmentName": "AzureCloud", "user": {"name": "a@x", "type": "user"}},
  {"id": "00000000-0000-0000-0000-000000000002", "name": "Prod", "isDefault": true,
   "tenantId": "t2", "environmentName": "AzureCloud", "user": {"name": "a@x", "type": "user"}},
  {"id": "00000000-0000-0000-0000-000000000003", "name": "Twice", "isDefault": false,
   "tenantId": "t2", "environmentName": "AzureCloud", "user": {"name": "a@x", "type": "user"}},
  {"id": "00000000-0000-0000-0000-000000000004", "name": "twice", "isDefault": false,
   "tenantId": "t2", "environmentName": "AzureCloud", "user": {"name": "a@x", "type": "user"}},
  {"id": "00000000-0000-0000-0000-000000000005", "name": "Gov", "isDefault": true,
   "tenantId": "t5", "environmentName": "AzureUSGovernment", "user": {"name": "g@x"}}]})";

struct Home {
  MemoryFiles files{};
  FakeEnvironment env{};
  Home() {
    env.values["HOME"] = "/home/u";
    files.content["/home/u/.azure/azureProfile.json"] = kProfile;
    files.content["/home/u/.azure/config"] = "[defaults]\ngroup = rg\nlocation = westus2\n";
  }
  azure::AzProfile read() { return azure::read_az_profile(files, env); }
};

}  // namespace

TEST_CASE("az profile: subscriptions of the active cloud and their default") {
  Home home;
  const auto profile = home.read();
  CHECK(profile.directory == "/home/u/.azure");
  CHECK(profile.problem.empty());
  CHECK(profile.subscriptions.size() == 4);
  REQUIRE(azure::default_subscription(profile) != nullptr);
  CHECK(azure::default_subscription(profile)->name == "Prod");
  CHECK(azure::default_subscription(profile)->tenant == "t2");
  CHECK(azure::default_subscription(profile)->user == "a@x");
  home.files.content["/home/u/.azure/config"] = "[cloud]\nname = AzureUSGovernment\n";
  CHECK(azure::default_subscription(home.read())->name == "Gov");
  home.env.values["AZURE_CLOUD_NAME"] = "AzureChinaCloud";
  CHECK(home.read().problem == "az is not signed in to the cloud AzureChinaCloud");
  CHECK(azure::default_subscription(home.read()) == nullptr);
}

TEST_CASE("az profile: a subscription is found by id or name, case aside") {
  Home home;
  const auto profile = home.read();
  CHECK(azure::find_subscription(profile, "pROD")->tenant == "t2");
  CHECK(azure::find_subscription(profile, "00000000-0000-0000-0000-000000000001")->name == "Dev");
  const auto several = azure::find_subscription(profile, "TWICE");
  REQUIRE(!several);
  CHECK(several.error().kind == ErrorKind::usage);
  CHECK(several.error().next.front() ==
        "--subscription 00000000-0000-0000-0000-000000000003   (by id)");
  const auto missing = azure::find_subscription(profile, "Prd");
  REQUIRE(!missing);
  CHECK(missing.error().kind == ErrorKind::not_found);
  CHECK(missing.error().why.starts_with(
      "az knows these: Dev (00000000-0000-0000-0000-000000000001), Prod ("));
  CHECK(missing.error().next.front() == "--subscription 'Prod'");
}

TEST_CASE("az profile: defaults come from variables, the nearest folder, the user's file") {
  Home home;
  home.env.values["AZURE_CONFIG_DIR"] = "/az";
  CHECK(home.read().group.empty());
  home.files.content["/az/config"] = "[defaults]\ngroup = of-user\nlocation = of-user\n";
  CHECK(home.read().group == "of-user");
  home.files.content["../.azure/config"] = "[defaults]\ngroup = of-parent\n";
  home.files.content["./here"] = "";
  home.files.content[".././there"] = "";
  CHECK(home.read().group == "of-parent");
  CHECK(home.read().location == "of-user");
  home.files.content[".azure/config"] = "[defaults]\ngroup = of-folder\n";
  CHECK(home.read().group == "of-folder");
  home.env.values["AZURE_DEFAULTS_GROUP"] = "of-variable";
  CHECK(home.read().group == "of-variable");
}

TEST_CASE("az profile: without az, or with a broken file, it says why there is nothing") {
  Home home;
  home.files.content["/home/u/.azure/azureProfile.json"] = "{";
  CHECK(home.read().problem == "/home/u/.azure/azureProfile.json is no JSON");
  home.files.content.clear();
  CHECK(home.read().problem == "az is not signed in");
  CHECK(azure::find_subscription(home.read(), "x").error().why == "az is not signed in");
  home.env.values.clear();
  CHECK(home.read().problem == "neither AZURE_CONFIG_DIR nor HOME is set");
}

TEST_CASE("az profile: the cloud of az, its own ones included") {
  Home home;
  CHECK(azure::az_cloud(home.files, home.read())->resource_manager ==
        "https://management.azure.com");
  home.env.values["AZURE_CLOUD_NAME"] = "MyStack";
  CHECK(azure::az_cloud(home.files, home.read()).error().kind == ErrorKind::usage);
  home.files.content["/home/u/.azure/clouds.config"] =
      "[MyStack]\nendpoint_resource_manager = https://management.stack.example/\n"
      "endpoint_active_directory = https://login.stack.example/\n"
      "endpoint_active_directory_resource_id = https://management.stack.example/\n";
  const auto cloud = azure::az_cloud(home.files, home.read());
  REQUIRE(cloud);
  CHECK(cloud->name == "MyStack");
  CHECK(cloud->resource_manager == "https://management.stack.example");
  CHECK(cloud->login == "https://login.stack.example");
  CHECK(cloud->audience == "https://management.stack.example/");
}

TEST_CASE("az profile: a cloud takes no secrets by http, whoever names its addresses") {
  Home home;
  home.env.values["AZURE_CLOUD_NAME"] = "MyStack";
  for (const auto& [manager, login] : {std::pair("http", "https"), std::pair("https", "http")}) {
    home.files.content["/home/u/.azure/clouds.config"] =
        "[MyStack]\nendpoint_resource_manager = " + std::string(manager) +
        "://management.stack.example/\nendpoint_active_directory = " + login +
        "://login.stack.example/\n";
    const auto cloud = azure::az_cloud(home.files, home.read());
    REQUIRE(!cloud);
    CHECK(cloud.error().kind == ErrorKind::usage);
    CHECK(cloud.error().why.starts_with("/home/u/.azure/clouds.config names it"));
  }
  const auto metadata = [](const std::string& login) {
    return azure::cloud_of_metadata(
        "https://management.stack.example",
        R"({"authentication": {"loginEndpoint": ")" + login + R"(", "audiences": ["a"]}})");
  };
  CHECK(metadata("https://login.stack.example/"));
  CHECK(metadata("http://login.stack.example/").error().what ==
        "'http://login.stack.example' is no address of a cloud");
}

}  // namespace aksmesh::test
