// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "azure/managed_identity.hpp"
#include "support/fake_world.hpp"
#include "support/http_script.hpp"

namespace aksmesh::test {
namespace {

using azure::IdentityHost;
using azure::IdentityWish;

constexpr const char* kAudience = "https://management.core.windows.net/";
constexpr const char* kResource = "&resource=https%3A%2F%2Fmanagement.core.windows.net%2F";
constexpr const char* kToken = R"({"access_token": "t", "expires_on": "1788350400"})";
constexpr const char* kMetadata = "http://169.254.169.254/metadata/identity/oauth2/token";

struct Machine {
  HttpScript http{};
  FakeClock clock{};
  MemoryFiles files{};
  FakeEnvironment env{};

  Result<azure::CredentialPtr> credential(const IdentityWish& wish = {}) {
    AK_TRY(auto host, azure::identity_host(env));
    return managed_identity_credential({http, clock, files}, std::move(host), wish);
  }
  Result<azure::Token> fetch(const IdentityWish& wish = {}) {
    AK_TRY(const auto one, credential(wish));
    return one->fetch(kAudience, "");
  }
  std::string metadata(const std::string& more = {}) const {
    return std::string("GET ") + kMetadata + "?api-version=2018-02-01" + kResource + more;
  }
};

}  // namespace

TEST_CASE("managed identity: of a virtual machine, past the proxy and without long waits") {
  Machine machine;
  machine.http.expect(machine.metadata()).with("Metadata: true").answer(200, kToken);
  const auto token = machine.fetch();
  REQUIRE(token);
  CHECK(token->value.reveal() == "t");
  CHECK(token->expires_on == 1'788'350'400);
  const auto& request = machine.http.sent.front();
  CHECK(request.past_proxy);
  CHECK(request.secret_answer);
  CHECK(request.connect_timeout == 2'000);
  CHECK(machine.credential().value()->name() == "managed identity (virtual machine)");
}

TEST_CASE("managed identity: nobody waits past the end of the run") {
  Machine machine;
  machine.http.configured.deadline = machine.clock.steady() + 10'000;
  machine.http.expect(machine.metadata()).answer(429, "", {{"retry-after", "60"}});
  const auto token = machine.fetch();
  REQUIRE(!token);
  CHECK(token.error().kind == ErrorKind::timeout);
  CHECK(machine.clock.sleeps.empty());
}

TEST_CASE("managed identity: chosen by client id, object id or resource id") {
  Machine machine;
  machine.http.expect(machine.metadata("&client_id=c")).answer(200, kToken);
  CHECK(machine.fetch({.client_id = "c"}));
  machine.http.expect(machine.metadata("&object_id=o")).answer(200, kToken);
  CHECK(machine.fetch({.object_id = "o"}));
  machine.http.expect(machine.metadata("&msi_res_id=%2Fsubscriptions%2Fs")).answer(200, kToken);
  CHECK(machine.fetch({.resource_id = "/subscriptions/s"}));
  CHECK(machine.credential({.client_id = "c"}).value()->name() ==
        "managed identity c (virtual machine)");
}

TEST_CASE("managed identity: the three forms in which a user names one") {
  const std::string id = "00000000-0000-0000-0000-00000000000A";
  const std::string resource =
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/"
      "userAssignedIdentities/n";
  CHECK(azure::read_identity(id)->client_id == id);
  CHECK(azure::read_identity("object:" + id)->object_id == id);
  CHECK(azure::read_identity("object:" + id)->client_id.empty());
  CHECK(azure::read_identity(resource)->resource_id == resource);
  for (const auto& wrong : {std::string("name"), std::string("object:"), "client:" + id,
                            std::string("/subscriptions/s/resourceGroups/g"), std::string()})
    CHECK_MESSAGE(azure::read_identity(wrong).error().kind == ErrorKind::usage, wrong);
}

TEST_CASE("managed identity: another host of the metadata service") {
  Machine machine;
  machine.env.values["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = "http://127.0.0.1:5000/";
  machine.http.expect("GET http://127.0.0.1:5000/metadata/identity/oauth2/token?*")
      .answer(200, kToken);
  CHECK(machine.fetch());
}

TEST_CASE("managed identity: what passes is waited for, each in its time") {
  Machine machine;
  machine.http.expect(machine.metadata()).answer(404);
  machine.http.expect(machine.metadata()).answer(410);
  machine.http.expect(machine.metadata()).answer(429, "", {{"retry-after", "7"}});
  machine.http.expect(machine.metadata()).answer(500);
  machine.http.expect(machine.metadata()).answer(200, kToken);
  CHECK(machine.fetch());
  CHECK(machine.clock.sleeps == std::vector<std::int64_t>{0, 5'000, 7'000, 6'400});
}

TEST_CASE("managed identity: it does not wait for ever, and not for what stays") {
  Machine machine;
  for (int i = 0; i < 6; ++i) machine.http.expect(machine.metadata()).answer(404, "{}");
  const auto busy = machine.fetch();
  REQUIRE(!busy);
  CHECK(machine.clock.sleeps.size() == 5);
  machine.http.expect(machine.metadata("&client_id=c"))
      .answer(400, R"({"error": "invalid_request", "error_description": "Identity not found"})");
  const auto missing = machine.fetch({.client_id = "c"});
  REQUIRE(!missing);
  CHECK(missing.error().kind == ErrorKind::auth);
  CHECK(missing.error().why.starts_with("no such managed identity is assigned to this machine"));
}

TEST_CASE("managed identity: outside of Azure it says so") {
  Machine machine;
  machine.http.expect(machine.metadata())
      .fail({.kind = ErrorKind::timeout, .what = "169.254.169.254 did not answer in time"});
  const auto token = machine.fetch();
  REQUIRE(!token);
  CHECK(token.error().kind == ErrorKind::auth);
  CHECK(token.error().what == "cannot sign in as managed identity (virtual machine)");
  CHECK(token.error().why.find("this machine is none of Azure") != std::string::npos);
  machine.http.expect(machine.metadata()).answer(403, "denied destination");
  CHECK(machine.fetch().error().why ==
        "something on the way forbids it, such as a proxy or a firewall (it says: denied "
        "destination)");
}

TEST_CASE("managed identity: of App Service") {
  Machine machine;
  machine.env.values = {{"IDENTITY_ENDPOINT", "http://127.0.0.1:41741/msi/token"},
                        {"IDENTITY_HEADER", "proof"}};
  const std::string request =
      std::string("GET http://127.0.0.1:41741/msi/token?api-version=2019-08-01") + kResource;
  machine.http.expect(request).with("X-IDENTITY-HEADER: proof").answer(200, kToken);
  CHECK(machine.fetch());
  CHECK(machine.http.sent.front().secret_headers.size() == 1);
  machine.http.expect(request + "&client_id=c").answer(200, kToken);
  CHECK(machine.fetch({.client_id = "c"}));
  machine.http.expect(request + "&object_id=o").answer(200, kToken);
  CHECK(machine.fetch({.object_id = "o"}));
  machine.http.expect(request + "&mi_res_id=r").answer(200, kToken);
  CHECK(machine.fetch({.resource_id = "r"}));
}

TEST_CASE("managed identity: of Azure Arc, with the key that only administrators read") {
  Machine machine;
  machine.env.values = {{"IDENTITY_ENDPOINT", "http://localhost:40342/arc/token"},
                        {"IMDS_ENDPOINT", "http://localhost:40342"}};
  const std::string request =
      std::string("GET http://localhost:40342/arc/token?api-version=2020-06-01") + kResource;
  const net::Headers challenge{{"www-authenticate", "Basic realm=/var/opt/azcmagent/tokens/1.key"}};
  machine.files.content["/var/opt/azcmagent/tokens/1.key"] = "key";
  machine.http.expect(request).without("Authorization").answer(401, "", challenge);
  machine.http.expect(request).with("Authorization: Basic key").answer(200, kToken);
  CHECK(machine.fetch());
  machine.files.content.clear();
  machine.http.expect(request).answer(401, "", challenge);
  CHECK(machine.fetch().error().kind == ErrorKind::auth);
  CHECK(machine.credential({.client_id = "c"}).error().kind == ErrorKind::usage);
}

TEST_CASE("managed identity: no other file is sent to whoever answers as Azure Arc") {
  for (const char* path : {"/etc/passwd", "/var/opt/azcmagent/tokens/../../x.key",
                           "/var/opt/azcmagent/tokens/x", ""}) {
    Machine machine;
    machine.env.values = {{"IDENTITY_ENDPOINT", "http://localhost/token"},
                          {"IMDS_ENDPOINT", "http://localhost"}};
    machine.files.content[path] = "x";
    machine.http.expect("GET http://localhost/token?*")
        .answer(401, "", {{"www-authenticate", "Basic realm=" + std::string(path)}});
    const auto token = machine.fetch();
    REQUIRE(!token);
    CHECK(token.error().kind == ErrorKind::auth);
  }
}

TEST_CASE("managed identity: variables that fit nothing") {
  FakeEnvironment env;
  env.values["IDENTITY_ENDPOINT"] = "http://localhost/token";
  CHECK(azure::identity_host(env).error().kind == ErrorKind::auth);
  env.values["IDENTITY_SERVER_THUMBPRINT"] = "00";
  CHECK(azure::identity_host(env).error().what ==
        "cannot sign in as a managed identity of Service Fabric");
}

}  // namespace aksmesh::test
