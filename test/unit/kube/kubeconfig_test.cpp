// SPDX-License-Identifier: Apache-2.0
#include "kube/kubeconfig.hpp"

#include <doctest/doctest.h>

#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

constexpr const char* kWhole = R"(
current-context: prod
contexts:
- name: prod
  context: {cluster: c1, user: u1, namespace: shop}
- name: test
  context: {cluster: c2, user: u2}
clusters:
- name: c1
  cluster:
    server: https://prod.hcp.westeurope.azmk8s.io:443/
    certificate-authority-data: Q0E=
    tls-server-name: inner
    proxy-url: http://proxy:3128
- name: c2
  cluster: {server: "https://10.0.0.1:6443", certificate-authority: ca.pem}
users:
- name: u1
  user:
    client-certificate-data: Q0VSVA==
    client-key: keys/u1.pem
    token: T1
    as: somebody
    as-groups: [a, b]
- name: u2
  user:
    tokenFile: token
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: ./bin/login
      args: [get-token, --server-id]
      env: [{name: MODE, value: spn}]
      installHint: get it from there
      interactiveMode: Never
      provideClusterInfo: true
    as: somebody
    as-user-extra: {scopes: [view, edit]}
)";

struct World {
  MemoryFiles files;
  FakeEnvironment env;
  World() {
    env.values = {{"HOME", "/home/u"}};
    files.content = {{"/home/u/.kube/config", kWhole},
                     {"/home/u/.kube/keys/u1.pem", "KEY"},
                     {"/home/u/.kube/ca.pem", "CA2"}};
  }
  Result<kube::Access> access(const std::string& context = {}) {
    AK_TRY(const auto config, kube::Kubeconfig::load(files, env, {}));
    return config.access(files, env, context);
  }
};

}  // namespace

TEST_CASE("kubeconfig: the current context with all that it says") {
  World world;
  const auto access = world.access();
  REQUIRE(access);
  CHECK(access->context == "prod");
  CHECK(access->server == "https://prod.hcp.westeurope.azmk8s.io:443");
  CHECK(access->name_space == "shop");
  CHECK(access->ca == "CA");
  CHECK(access->tls_server_name == "inner");
  CHECK(access->proxy == "http://proxy:3128");
  CHECK(!access->trusts_anybody);
  CHECK(access->client_certificate == "CERT");
  CHECK(access->client_key.reveal() == "KEY");
  CHECK(access->token.reveal() == "T1");
  CHECK(access->impersonated_user == "somebody");
  CHECK(access->impersonated_groups == std::vector<std::string>{"a", "b"});
  CHECK(!access->exec);
}

TEST_CASE("kubeconfig: another context, with paths beside the file") {
  World world;
  const auto access = world.access("test");
  REQUIRE(access);
  CHECK(access->name_space == "default");
  CHECK(!access->trusts_anybody);
  CHECK(access->ca == "CA2");
  CHECK(access->token_file == "/home/u/.kube/token");
  REQUIRE(access->exec);
  CHECK(access->exec->command == "/home/u/.kube/./bin/login");
  CHECK(access->exec->arguments == std::vector<std::string>{"get-token", "--server-id"});
  CHECK(access->exec->environment.front().second == "spn");
  CHECK(access->exec->wants_cluster);
  const std::vector<std::pair<std::string, std::string>> extra{{"scopes", "view"},
                                                               {"scopes", "edit"}};
  CHECK(access->impersonated_extra == extra);
}

TEST_CASE("kubeconfig: of several files the first to say a thing counts") {
  World world;
  world.env.values["KUBECONFIG"] = "/a:/missing::/b";
  world.files.content["/a"] = R"(
contexts: [{name: one, context: {cluster: c, user: u}}]
users: [{name: u, user: {token: from-a}}]
)";
  world.files.content["/b"] = R"(
current-context: one
contexts: [{name: one, context: {cluster: other}}, {name: two, context: {cluster: c}}]
clusters: [{name: c, cluster: {server: b.example}}]
users: [{name: u, user: {token: from-b}}]
)";
  const auto access = world.access();
  REQUIRE(access);
  CHECK(access->server == "https://b.example");
  CHECK(access->token.reveal() == "from-a");
  CHECK(kube::Kubeconfig::load(world.files, world.env, {})->contexts() ==
        std::vector<std::string>{"one", "one", "two"});
}

TEST_CASE("kubeconfig: --kubeconfig is the only file and must be there") {
  World world;
  CHECK(kube::Kubeconfig::load(world.files, world.env, "/none").error().kind == ErrorKind::usage);
  world.files.content["/one"] = "current-context: x";
  CHECK(kube::Kubeconfig::load(world.files, world.env, "/one")->current_context() == "x");
}

TEST_CASE("kubeconfig: what cannot be used is named") {
  struct Row {
    const char* text;
    const char* context;
    const char* why;
  };
  const Row rows[] = {
      {kWhole, "prd", "no kubeconfig has it"},
      {"contexts: [{name: x, context: {cluster: none}}]", "x", "it leads to no server"},
      {"clusters: [{name: c, cluster: {server: s, certificate-authority-data: '%%'}}]\n"
       "contexts: [{name: x, context: {cluster: c}}]",
       "x", "certificate-authority-data is not base64, line 1"},
      {"clusters: [{name: c, cluster: {server: s, certificate-authority: gone.pem}}]\n"
       "contexts: [{name: x, context: {cluster: c}}]",
       "x", "No such file"},
      {"clusters: [{name: c, cluster: {server: s}}]\ncontexts: [{name: x, context: {cluster: c, "
       "user: u}}]\nusers: [{name: u, user: {auth-provider: {name: azure}}}]",
       "x", "auth-provider 'azure'"},
      {"clusters: [", "x", "line 1"},
      {"- a list", "x", "not one YAML mapping"}};
  for (const auto& row : rows) {
    World world;
    world.files.content["/home/u/.kube/config"] = row.text;
    const auto access = world.access(row.context);
    REQUIRE_MESSAGE(!access, row.text);
    CHECK(access.error().kind == ErrorKind::usage);
    CHECK_MESSAGE(access.error().why.find(row.why) != std::string::npos, access.error().why);
  }
}

TEST_CASE("kubeconfig: without any, the service account of the pod") {
  World world;
  world.files.content.clear();
  CHECK(world.access().error().kind == ErrorKind::usage);
  world.env.values["KUBERNETES_SERVICE_HOST"] = "fd00::1";
  world.env.values["KUBERNETES_SERVICE_PORT"] = "443";
  const std::string folder = "/var/run/secrets/kubernetes.io/serviceaccount/";
  world.files.content[folder + "ca.crt"] = "CA";
  world.files.content[folder + "namespace"] = "tools\n";
  const auto access = world.access();
  REQUIRE(access);
  CHECK(access->server == "https://[fd00::1]:443");
  CHECK(access->token_file == folder + "token");
  CHECK(access->name_space == "tools");
}

}  // namespace aksmesh::test
