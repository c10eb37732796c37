// SPDX-License-Identifier: Apache-2.0
// Which cluster is meant when several places name one, and when none does.
#include <utility>

#include <doctest/doctest.h>

#include "support/azure_world.hpp"

namespace aksmesh::test {
namespace {

constexpr const char* kSubscription = "00000000-0000-0000-0000-000000000001";
const std::string kList = "GET https://management.azure.com/subscriptions/" +
                          std::string(kSubscription) +
                          "/providers/Microsoft.ContainerService/managedClusters?*";
constexpr const char* kHost = "prod-dns-1.hcp.westus2.azmk8s.io";

std::string id_of(const std::string& group, const std::string& name) {
  return "/subscriptions/" + std::string(kSubscription) + "/resourceGroups/" + group +
         "/providers/Microsoft.ContainerService/managedClusters/" + name;
}

std::string listed(const std::string& name, const std::string& member, const std::string& host) {
  return R"({"id":")" + id_of("shop", name) + R"(","properties":{")" + member + R"(":")" + host +
         "\"}}";
}

struct World : FakeWorld {
  World() {
    env.values = {{"HOME", "/home/u"},
                  {"AZURE_TENANT_ID", "t"},
                  {"AZURE_CLIENT_ID", "c"},
                  {"AZURE_CLIENT_SECRET", "SECRET"},
                  {"AKSMESH_SUBSCRIPTION", kSubscription}};
  }
  /// Once; the token is kept.
  void signs_in() {
    if (std::exchange(signed_in, true)) return;
    http.expect("POST https://login.microsoftonline.com/t/oauth2/v2.0/token")
        .answer(200, R"({"access_token":"TOKEN","expires_in":3600})");
  }
  void current_server(const std::string& server) {
    files.content["/home/u/.kube/config"] =
        "current-context: here\ncontexts:\n- name: here\n  context: {cluster: c}\n"
        "clusters:\n- name: c\n  cluster: {server: '" +
        server + "'}\n";
  }
  /// Lists in two pages.
  void lists(const std::string& first, const std::string& second) {
    signs_in();
    const auto next = "https://management.azure.com/next?page=2";
    http.expect(kList).answer(200, R"({"value":[)" + first + R"(],"nextLink":")" + next + "\"}");
    http.expect(std::string("GET ") + next).answer(200, R"({"value":[)" + second + "]}");
  }
  void reads(const std::string& group, const std::string& name) {
    http.expect("GET https://management.azure.com" + id_of(group, name) + "?*")
        .answer(200, cluster_json());
  }
  bool signed_in = false;
  bool tells(const std::string& piece) const {
    return (out.text + err.text).find(piece) != std::string::npos;
  }
};

}  // namespace

TEST_CASE("which cluster: that of the kubeconfig's current context") {
  for (const char* member : {"fqdn", "privateFQDN", "azurePortalFQDN"}) {
    CAPTURE(member);
    World world;
    world.current_server("https://PROD-dns-1.hcp.westus2.azmk8s.io:443");
    world.lists(listed("other", "fqdn", "other.hcp.westus2.azmk8s.io"),
                listed("prod", member, kHost));
    world.reads("shop", "prod");
    CHECK_MESSAGE(world.run("aksmesh show") == 0, world.err.text);
    CHECK(
        world.tells("cluster prod of resource group shop, as the kubeconfig's current context "
                    "here says"));
    CHECK(world.http.left() == 0);
  }
}

TEST_CASE("which cluster: a change of that of the kubeconfig names it in its plan") {
  World world;
  world.current_server("https://" + std::string(kHost));
  world.lists(listed("prod", "fqdn", kHost), "");
  world.reads("shop", "prod");
  CHECK(world.run("aksmesh enable --dry-run -q") == 0);
  CHECK(world.out.text.starts_with("cluster prod (westus2)\n"));
}

TEST_CASE("which cluster: the kubeconfig is not asked when a cluster is named") {
  World world;
  world.current_server("https://" + std::string(kHost));
  world.signs_in();
  world.reads("shop", "prod");
  CHECK(world.run("aksmesh show -g shop --cluster prod") == 0);
  world.reads("shop", "prod");
  world.files.content["/home/u/.config/aksmesh/config.yaml"] =
      "cluster: prod\nresource-group: shop\n";
  CHECK(world.run("aksmesh show") == 0);
}

TEST_CASE("which cluster: nobody in the subscription has the host") {
  World world;
  world.current_server("https://" + std::string(kHost));
  world.lists(listed("a", "fqdn", "a.hcp.westus2.azmk8s.io"),
              listed("b", "fqdn", "b.hcp.westus2.azmk8s.io"));
  CHECK(world.run("aksmesh show") == 2);
  CHECK_MESSAGE(world.tells("none of 2 clusters that you may see in " + std::string(kSubscription) +
                            " has the host of the kubeconfig's current context here (" + kHost),
                world.err.text);
}

TEST_CASE("which cluster: a context that is no help is told beside what is missing") {
  struct Row {
    const char* server;
    const char* says;
  };
  for (const auto& row :
       {Row{"https://127.0.0.1:6443",
            "the kubeconfig's current context here (127.0.0.1) is no cluster of AKS"},
        Row{"", "here leads to no server"}}) {
    World world;
    world.current_server(row.server);
    CHECK(world.run("aksmesh show") == 2);
    CHECK(world.tells("missing: --cluster NAME, -g GROUP; "));
    CHECK_MESSAGE(world.tells(row.says), world.err.text);
  }
  World none;
  CHECK(none.run("aksmesh show") == 2);
  CHECK(none.tells("missing: --cluster NAME, -g GROUP\n"));
  World homeless;
  homeless.env.values.erase("AKSMESH_SUBSCRIPTION");
  homeless.current_server("https://" + std::string(kHost));
  CHECK(homeless.run("aksmesh show") == 2);
  CHECK_MESSAGE(homeless.tells("missing: --subscription ID, in which to look for"),
                homeless.err.text);
}

TEST_CASE("which cluster: a resource group that was asked for must be the found one's") {
  World world;
  world.current_server("https://" + std::string(kHost));
  world.lists(listed("prod", "fqdn", kHost), "");
  CHECK(world.run("aksmesh show -g test") == 2);
  CHECK_MESSAGE(world.tells("is cluster prod of resource group shop"), world.err.text);
  world.lists(listed("prod", "fqdn", kHost), "");
  world.reads("shop", "prod");
  CHECK(world.run("aksmesh show -g SHOP") == 0);
}

TEST_CASE("which cluster: no right to list is told as such") {
  World world;
  world.current_server("https://" + std::string(kHost));
  world.signs_in();
  world.http.expect(kList).answer(403,
                                  R"({"error":{"code":"AuthorizationFailed","message":"no"}})");
  CHECK(world.run("aksmesh show") == 4);
  CHECK_MESSAGE(world.tells("while looking for the cluster of the kubeconfig's"), world.err.text);
}

TEST_CASE("which cluster: what was typed is stronger than an id of a variable or the file") {
  World typed;
  typed.env.values["AKSMESH_CLUSTER_ID"] = id_of("wrong", "wrong");
  typed.signs_in();
  typed.reads("shop", "prod");
  CHECK_MESSAGE(typed.run("aksmesh show -g shop --cluster prod") == 0, typed.err.text);
  World variable;
  variable.files.content["/home/u/.config/aksmesh/config.yaml"] =
      "cluster-id: " + id_of("wrong", "wrong") + '\n';
  variable.env.values["AKSMESH_CLUSTER"] = "prod";
  variable.env.values["AKSMESH_RESOURCE_GROUP"] = "shop";
  variable.signs_in();
  variable.reads("shop", "prod");
  CHECK_MESSAGE(variable.run("aksmesh show") == 0, variable.err.text);
  World id;
  id.env.values["AKSMESH_CLUSTER"] = "wrong";
  id.signs_in();
  id.reads("shop", "prod");
  CHECK_MESSAGE(id.run("aksmesh show --cluster-id " + id_of("shop", "prod")) == 0, id.err.text);
}

TEST_CASE("which cluster: a cloud that was typed is stronger than an endpoint of the file") {
  World world;
  world.files.content["/home/u/.config/aksmesh/config.yaml"] =
      "arm-endpoint: https://elsewhere.example\n";
  world.signs_in();
  world.reads("shop", "prod");
  CHECK_MESSAGE(world.run("aksmesh show -g shop --cluster prod --cloud AzureCloud") == 0,
                world.err.text);
}

}  // namespace aksmesh::test
