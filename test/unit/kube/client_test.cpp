// SPDX-License-Identifier: Apache-2.0
#include "kube/client.hpp"

#include <doctest/doctest.h>

#include "kube/live_objects.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

const kube::ApiResource kPods{.version = "v1", .plural = "pods", .kind = "Pod", .namespaced = true};

std::string list_of(const std::string& names, const std::string& more = {}) {
  return R"({"kind":"PodList","apiVersion":"v1","metadata":{"continue":")" + more +
         R"("},"items":[{"metadata":{"name":")" + names + R"(","namespace":"shop"}}]})";
}

struct World {
  MemoryFiles files;
  FakeProcess process;
  FakeClock clock;
  FakeProgress progress;
  HttpScript http;
  kube::Access access{.context = "prod", .server = "https://api"};
  kube::Client client() { return {access, http, files, process, clock, progress}; }
  std::vector<Result<kube::Pages>> list(const kube::ListWish& wish) {
    auto one = client();
    return one.list({wish});
  }
  void plugin_answers(const std::string& status) {
    access.exec = kube::ExecPlugin{.api_version = "client.authentication.k8s.io/v1",
                                   .command = "kubelogin",
                                   .install_hint = "install it"};
    process.results.push_back(sys::ProgramResult{
        .out =
            R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":)" +
            status + '}'});
  }
};

}  // namespace

TEST_CASE("client: a list is read page by page") {
  World world;
  world.access.token = Secret("T");
  world.http.expect("GET https://api/api/v1/pods?limit=500")
      .with("Authorization: Bearer T\n")
      .answer(200, list_of("a", "next/1"));
  world.http.expect("GET https://api/api/v1/pods?limit=500&continue=next%2F1")
      .answer(200, list_of("b"));
  const auto pages = world.list({.resource = kPods});
  REQUIRE(pages.front());
  CHECK(pages.front()->size() == 2);
}

TEST_CASE("client: pages that the server has forgotten are read at once") {
  World world;
  world.http.expect("GET https://api/api/v1/namespaces/shop/pods?labelSelector=app%3Dx&limit=500")
      .answer(200, list_of("a", "n"));
  world.http.expect("GET *&continue=n").answer(410, R"({"kind":"Status","reason":"Expired"})");
  world.http.expect("GET https://api/api/v1/namespaces/shop/pods?labelSelector=app%3Dx")
      .answer(200, list_of("a"));
  const auto pages =
      world.list({.resource = kPods, .name_space = "shop", .label_selector = "app=x"});
  REQUIRE(pages.front());
  CHECK(pages.front()->size() == 1);
}

TEST_CASE("client: a refusal names the right that is missing") {
  World world;
  world.http.expect("GET *").answer(
      403, R"({"kind":"Status","reason":"Forbidden","message":"pods is forbidden"})");
  const auto error = world.list({.resource = kPods}).front().error();
  CHECK(error.kind == ErrorKind::denied);
  CHECK(error.why == "pods is forbidden");
  CHECK(error.next.front() == "ask for the right to list pods in all namespaces");
  world.http.expect("GET *").answer(200, "<html>");
  CHECK(world.list({.resource = kPods}).front().error().kind == ErrorKind::bad_data);
}

TEST_CASE("client: certificates, names, users and metadata alone") {
  World world;
  world.access.client_certificate = "CERT";
  world.access.client_key = Secret("KEY");
  world.access.ca = "CA";
  world.access.tls_server_name = "inner";
  world.access.user_name = "u";
  world.access.password = Secret("p");
  world.access.impersonated_user = "somebody";
  world.access.impersonated_groups = {"g1", "g2"};
  world.http.expect("GET *")
      .with("Authorization: Basic dTpw")
      .with("Impersonate-User: somebody")
      .with("Impersonate-Group: g2")
      .with("as=PartialObjectMetadataList")
      .answer(200, list_of("a"));
  auto client = world.client();
  CHECK(client.list({{.resource = kPods, .depth = kube::ListWish::Depth::metadata}}).front());
  const auto* peer = world.http.sent.front().peer;
  REQUIRE(peer != nullptr);
  CHECK(peer->ca == "CA");
  CHECK(peer->certificate == "CERT");
  CHECK(peer->server_name == "inner");
}

TEST_CASE("client: a program signs in, and again when its token is no longer taken") {
  World world;
  world.plugin_answers(R"({"token":"T1","expirationTimestamp":"2026-09-01T13:00:00Z"})");
  world.plugin_answers(R"({"token":"T2"})");
  world.http.expect("GET *").with("Bearer T1").answer(401, "{}");
  world.http.expect("GET *").with("Bearer T2").answer(200, list_of("a"));
  CHECK(world.list({.resource = kPods}).front());
  REQUIRE(world.process.runs.size() == 2);
  CHECK(world.process.runs.front().environment.back().first == "KUBERNETES_EXEC_INFO");
}

TEST_CASE("client: a token file is read") {
  World world;
  world.access.token_file = "/token";
  world.access.token = Secret("old");
  world.files.content["/token"] = "fresh\n";
  world.http.expect("GET *").with("Bearer fresh\n").answer(200, list_of("a"));
  CHECK(world.list({.resource = kPods}).front());
  world.files.content.clear();
  CHECK(world.list({.resource = kPods}).front().error().kind == ErrorKind::auth);
}

TEST_CASE("client: programs that cannot sign in") {
  World missing;
  missing.plugin_answers("{}");
  missing.process.results.clear();
  const auto error = missing.list({.resource = kPods}).front().error();
  CHECK(error.kind == ErrorKind::auth);
  CHECK(error.why == "the program is not installed");
  CHECK(error.next.front() == "install it");
  for (const char* status : {"{}", R"({"token":"T","expirationTimestamp":"2026-09-01T11:00:00Z"})",
                             R"({"clientCertificateData":"C"})"}) {
    World world;
    world.plugin_answers(status);
    CHECK_MESSAGE(world.list({.resource = kPods}).front().error().kind == ErrorKind::auth, status);
  }
  World failing;
  failing.plugin_answers("{}");
  failing.process.results = {sys::ProgramResult{.code = 3, .err = "no browser\x1b[2J\n"}};
  CHECK(failing.list({.resource = kPods}).front().error().why ==
        "it ended with 3: no browser\\u001b[2J");
  World asking;
  asking.plugin_answers("{}");
  asking.access.exec->interactive_mode = "Always";
  CHECK(!asking.list({.resource = kPods}).front());
  World old;
  old.plugin_answers("{}");
  old.access.exec->api_version = "client.authentication.k8s.io/v1alpha1";
  CHECK(!old.list({.resource = kPods}).front());
}

TEST_CASE("client: each kind in the version that the server prefers") {
  World world;
  const std::string pods =
      R"({"resource":"pods","responseKind":{"kind":"Pod"},"scope":"Namespaced"})";
  world.http.expect("GET https://api/api")
      .answer(200, R"({"kind":"APIGroupDiscoveryList","items":
      [{"metadata":{},"versions":[{"version":"v1","resources":[)" +
                       pods + "]}]}]}");
  world.http.expect("GET https://api/apis").answer(200, R"({"kind":"APIGroupDiscoveryList","items":
      [{"metadata":{"name":"networking.istio.io"},"versions":[
        {"version":"v1","resources":[{"resource":"gateways","responseKind":{"kind":"Gateway"},"scope":"Namespaced"}]},
        {"version":"v1beta1","resources":[{"resource":"gateways","responseKind":{"kind":"Gateway"},"scope":"Namespaced"}]}]}]})");
  world.http.expect("GET https://api/api/v1/pods?limit=500").answer(200, list_of("a"));
  world.http.expect("GET https://api/apis/networking.istio.io/v1/gateways?limit=500")
      .answer(403, "{}");
  world.http.expect("GET https://api/version").answer(200, R"({"gitVersion":"v1.34.2"})");
  auto client = world.client();
  const auto live =
      kube::read_live_objects(client, {.kinds = {kube::Kind::pod, kube::Kind::istio_gateway}});
  REQUIRE(live);
  CHECK(live->answers.size() == 1);
  CHECK(live->version == "v1.34.2");
  CHECK(live->whole == kube::KindSet{kube::Kind::pod});
  CHECK(live->answers.front().live);
  REQUIRE(live->unavailable.size() == 1);
  CHECK(live->unavailable.front().what == "gateways.networking.istio.io in all namespaces");
  CHECK(live->not_listed.contains(kube::Kind::istio_gateway));
  CHECK(!live->not_listed.contains(kube::Kind::pod));
}

}  // namespace aksmesh::test
