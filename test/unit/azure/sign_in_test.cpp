// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "azure/sign_in.hpp"
#include "support/certificates.hpp"
#include "support/fake_world.hpp"
#include "support/http_script.hpp"

namespace aksmesh::test {
namespace {

using azure::SignInWish;

constexpr const char* kAudience = "https://management.core.windows.net/";
constexpr const char* kToken = R"({"access_token": "a", "expires_in": 3600})";
constexpr const char* kProfile =
    R"({"subscriptions": [{"id": "s1", "name": "One", "isDefault": true, "tenantId": "t1",
        "environmentName": "AzureCloud", "user": {"name": "operator@contoso.example"}},
       {"id": "s2", "name": "Two", "tenantId": "t2",
        "environmentName": "AzureCloud", "user": {"name": "other@contoso.example"}}]})";

struct Setting {
  HttpScript http{};
  FakeClock clock{};
  FakeRandom random{};
  MemoryFiles files{};
  FakeEnvironment env{};
  FakeProcess process{};
  FakeProgress progress{};
  azure::Cloud cloud = azure::find_cloud("AzureCloud").value();
  azure::AzProfile az{};

  Setting() { env.values["HOME"] = "/home/u"; }
  void az_is_signed_in() { files.content["/home/u/.azure/azureProfile.json"] = kProfile; }
  Result<azure::CredentialPtr> choose(const SignInWish& wish = {}) {
    az = azure::read_az_profile(files, env);
    return choose_credential(wish, {http, clock, random, files, env, process, progress, cloud, az});
  }
  std::string name(const SignInWish& wish = {}) {
    auto credential = choose(wish);
    return credential ? (*credential)->name() : "none: " + credential.error().what;
  }
  Error error(const SignInWish& wish = {}) {
    auto credential = choose(wish);
    REQUIRE(!credential);
    return credential.error();
  }
  Result<azure::Token> fetch(const SignInWish& wish = {}) {
    AK_TRY(const auto credential, choose(wish));
    return credential->fetch(kAudience, "");
  }
};

void set_all(Setting& setting, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) setting.env.values[name] = value;
}

}  // namespace

TEST_CASE("sign-in: the first way that is configured is taken") {
  Setting setting;
  CHECK(setting.name() == "none: not signed in to Azure");
  setting.az_is_signed_in();
  CHECK(setting.name() == "operator@contoso.example (az)");
  set_all(setting, {{"IDENTITY_ENDPOINT", "http://localhost/msi"}, {"IDENTITY_HEADER", "h"}});
  CHECK(setting.name() == "managed identity (App Service)");
  set_all(setting, {{"AZURE_TENANT_ID", "t"},
                    {"AZURE_CLIENT_ID", "c"},
                    {"AZURE_FEDERATED_TOKEN_FILE", "/token"}});
  CHECK(setting.name() == "workload identity c");
  set_all(setting, {{"AZURE_CLIENT_CERTIFICATE_PATH", "/sp.pem"}});
  CHECK(setting.name() == "service principal c with a certificate");
  set_all(setting, {{"AZURE_CLIENT_SECRET", "secret"}});
  CHECK(setting.name() == "service principal c with a secret");
}

TEST_CASE("sign-in: each way can be named") {
  Setting setting;
  set_all(setting, {{"AZURE_TENANT_ID", "t"},
                    {"AZURE_CLIENT_ID", "c"},
                    {"AZURE_CLIENT_SECRET", "secret"},
                    {"AZURE_FEDERATED_TOKEN_FILE", "/token"}});
  CHECK(setting.name({.method = "environment"}) == "service principal c with a secret");
  CHECK(setting.name({.method = "workload-identity"}) == "workload identity c");
  CHECK(setting.name({.method = "managed-identity"}) == "managed identity c (virtual machine)");
  CHECK(setting.name({.method = "managed-identity", .identity = {.object_id = "o"}}) ==
        "managed identity o (virtual machine)");
  CHECK(setting.name({.method = "az"}) == "the user of az");
  CHECK(setting.name({.method = "device-code"}) == "a person with a device code");
  const auto unknown = setting.error({.method = "enviroment"});
  CHECK(unknown.kind == ErrorKind::usage);
  CHECK(unknown.next == std::vector<std::string>{"--auth environment"});
  CHECK(azure::sign_in_methods() ==
        std::vector<std::string>{"auto", "environment", "workload-identity", "managed-identity",
                                 "az", "device-code"});
}

TEST_CASE("sign-in: an identity that is named chooses the way") {
  Setting setting;
  setting.az_is_signed_in();
  set_all(setting,
          {{"AZURE_TENANT_ID", "t"}, {"AZURE_CLIENT_ID", "c"}, {"AZURE_CLIENT_SECRET", "secret"}});
  CHECK(setting.name({.identity = {.object_id = "o"}}) == "managed identity o (virtual machine)");
  CHECK(setting.name({.method = "az", .identity = {.object_id = "o"}}) ==
        "operator@contoso.example (az)");
}

TEST_CASE("sign-in: when nothing fits, each way says why") {
  Setting setting;
  const auto error = setting.error();
  CHECK(error.kind == ErrorKind::auth);
  CHECK(error.why ==
        "environment: neither AZURE_CLIENT_SECRET nor AZURE_CLIENT_CERTIFICATE_PATH is set; "
        "workload-identity: AZURE_FEDERATED_TOKEN_FILE is not set; "
        "managed-identity: IDENTITY_ENDPOINT is not set; on a virtual machine it must be asked "
        "for; az: az is not signed in");
  CHECK(error.next.front() == "az login");
  CHECK(error.next.back() == "aksmesh help sign-in   (describes the ways)");
  CHECK(setting.error({.method = "workload-identity"}).why ==
        "workload-identity: AZURE_FEDERATED_TOKEN_FILE is not set");
}

TEST_CASE("sign-in: half a configuration is an error, so that nobody else signs in instead") {
  Setting setting;
  setting.az_is_signed_in();
  set_all(setting, {{"AZURE_CLIENT_SECRET", "secret"}, {"AZURE_CLIENT_ID", "c"}});
  const auto error = setting.error();
  CHECK(error.kind == ErrorKind::auth);
  CHECK(error.why == "AZURE_CLIENT_SECRET is set, but not AZURE_TENANT_ID");
  CHECK(setting.name({.tenant = "t"}) == "service principal c with a secret");
  CHECK(setting.name({.method = "az"}) == "operator@contoso.example (az)");
}

TEST_CASE("sign-in: the names of Terraform count when those of Azure are not set") {
  Setting setting;
  set_all(setting, {{"ARM_TENANT_ID", "at"}, {"ARM_CLIENT_ID", "ac"}, {"ARM_CLIENT_SECRET", "as"}});
  setting.http.expect("POST https://login.microsoftonline.com/at/oauth2/v2.0/token")
      .with("client_id=ac")
      .with("client_secret=as")
      .with("scope=https%3A%2F%2Fmanagement.core.windows.net%2F%2F.default")
      .answer(200, kToken);
  CHECK(setting.fetch());
  set_all(setting,
          {{"AZURE_TENANT_ID", "t"}, {"AZURE_CLIENT_ID", "c"}, {"AZURE_CLIENT_SECRET", "s"}});
  CHECK(setting.name() == "service principal c with a secret");
}

TEST_CASE("sign-in: AZURE_TOKEN_CREDENTIALS narrows what is tried") {
  Setting setting;
  setting.az_is_signed_in();
  set_all(setting,
          {{"AZURE_TENANT_ID", "t"}, {"AZURE_CLIENT_ID", "c"}, {"AZURE_CLIENT_SECRET", "s"}});
  const auto with = [&](const std::string& word) {
    setting.env.values["AZURE_TOKEN_CREDENTIALS"] = word;
    return setting.name();
  };
  CHECK(with("DEV") == "operator@contoso.example (az)");
  CHECK(with("prod") == "service principal c with a secret");
  CHECK(with("AzureCliCredential") == "operator@contoso.example (az)");
  CHECK(with("ManagedIdentityCredential") == "managed identity c (virtual machine)");
  CHECK(with("WorkloadIdentityCredential") == "none: not signed in to Azure");
  CHECK(with("VisualStudioCodeCredential") ==
        "none: AZURE_TOKEN_CREDENTIALS allows no way of signing in that is known here");
  CHECK(setting.error().kind == ErrorKind::usage);
  CHECK(setting.name({.method = "environment"}) == "service principal c with a secret");
}

TEST_CASE("sign-in: AZURE_AUTHORITY_HOST is where secrets go, so it must be https") {
  Setting setting;
  set_all(setting, {{"AZURE_TENANT_ID", "t"},
                    {"AZURE_CLIENT_ID", "c"},
                    {"AZURE_CLIENT_SECRET", "s"},
                    {"AZURE_AUTHORITY_HOST", "login.stack.example/"}});
  setting.http.expect("POST https://login.stack.example/t/oauth2/v2.0/token").answer(200, kToken);
  CHECK(setting.fetch());
  setting.env.values["AZURE_AUTHORITY_HOST"] = "http://login.stack.example";
  CHECK(setting.error().kind == ErrorKind::usage);
}

TEST_CASE("sign-in: what Entra ID refuses is told by its own codes") {
  const auto refused = [](const std::string& says) {
    Setting setting;
    set_all(setting,
            {{"AZURE_TENANT_ID", "t"}, {"AZURE_CLIENT_ID", "c"}, {"AZURE_CLIENT_SECRET", "s"}});
    setting.http.expect("POST *").answer(
        401, R"({"error": "invalid_client", "error_description": ")" + says + "\"}");
    const auto token = setting.fetch();
    REQUIRE(!token);
    CHECK(token.error().kind == ErrorKind::auth);
    return token.error();
  };
  const auto wrong = refused("AADSTS7000215: Invalid client secret provided. Trace ID: x");
  CHECK(wrong.why.starts_with("the client secret is wrong (the service says: AADSTS7000215"));
  CHECK(wrong.next.front().starts_with("AZURE_CLIENT_SECRET wants the value"));
  const auto unknown = refused("AADSTS50027: JWT token is invalid. Trace ID: x");
  CHECK(unknown.why == "AADSTS50027: JWT token is invalid");
  CHECK(unknown.next == std::vector<std::string>{"aksmesh help sign-in"});
}

TEST_CASE("sign-in: with a certificate from its file") {
  Setting setting;
  const auto key = TestKey::rsa();
  set_all(setting, {{"AZURE_TENANT_ID", "t"},
                    {"AZURE_CLIENT_ID", "c"},
                    {"AZURE_CLIENT_CERTIFICATE_PATH", "/sp.pfx"},
                    {"AZURE_CLIENT_CERTIFICATE_PASSWORD", "opens"}});
  CHECK(setting.fetch().error().kind == ErrorKind::auth);  // there is no such file
  setting.files.content["/sp.pfx"] = pkcs12(key, {TestCertificate::of(key, "sp", {})}, "opens");
  setting.http.expect("POST https://login.microsoftonline.com/t/oauth2/v2.0/token")
      .with("grant_type=client_credentials")
      .with(
          "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer")
      .with("client_assertion=eyJhbGciOiJQUzI1NiI")
      .without("client_secret")
      .answer(200, kToken);
  CHECK(setting.fetch());
  CHECK(setting.http.sent.front().secret_body);
  setting.files.content["/sp.pfx"] =
      pkcs12(key, {TestCertificate::of(key, "sp", {.from = 0, .until = 1'000'000})}, "opens");
  const auto expired = setting.fetch();
  REQUIRE(!expired);
  CHECK(expired.error().why == "it expired on 1970-01-12");
  CHECK(expired.error().where == "/sp.pfx");
}

TEST_CASE("sign-in: a job of GitHub Actions signs in with the token that its platform gives it") {
  Setting setting;
  setting.az_is_signed_in();
  set_all(setting, {{"ACTIONS_ID_TOKEN_REQUEST_URL", "https://actions.example/token?v=2"},
                    {"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "job"}});
  CHECK(setting.name() == "operator@contoso.example (az)");  // nobody said as whom to sign in
  CHECK(setting.error({.method = "workload-identity"}).why ==
        "ACTIONS_ID_TOKEN_REQUEST_URL is set, but not AZURE_TENANT_ID and AZURE_CLIENT_ID");
  set_all(setting, {{"AZURE_TENANT_ID", "t"}, {"AZURE_CLIENT_ID", "c"}});
  setting.http
      .expect("GET https://actions.example/token?v=2&audience=api%3A%2F%2FAzureADTokenExchange")
      .with("Authorization: Bearer job")
      .answer(200, R"({"count": 1, "value": "jwt"})");
  setting.http.expect("POST https://login.microsoftonline.com/t/oauth2/v2.0/token")
      .with("client_id=c")
      .with("client_assertion=jwt")
      .answer(200, kToken);
  CHECK(setting.fetch());
  CHECK(setting.http.sent.front().secret_answer);
  setting.http.expect("GET https://actions.example/*").answer(401);
  CHECK(setting.fetch().error().kind == ErrorKind::auth);
  setting.http.expect("GET https://actions.example/*").answer(200, R"({"value": ""})");
  CHECK(setting.fetch().error().kind == ErrorKind::bad_data);
  setting.env.values["ACTIONS_ID_TOKEN_REQUEST_URL"] = "http://actions.example/token?v=2";
  CHECK(setting.fetch().error().kind == ErrorKind::usage);  // the key must not go out in the open
  set_all(setting, {{"AZURE_FEDERATED_TOKEN_FILE", "/token"}});
  setting.files.content["/token"] = "of-file\n";
  setting.http.expect("POST *").with("client_assertion=of-file").without("%0A").answer(200, kToken);
  CHECK(setting.fetch());  // what the user set wins
}

TEST_CASE("sign-in: a job of Azure Pipelines signs in through its service connection") {
  Setting setting;
  set_all(setting, {{"SYSTEM_OIDCREQUESTURI", "https://dev.example/oidctoken"},
                    {"SYSTEM_ACCESSTOKEN", "job"},
                    {"AZURESUBSCRIPTION_TENANT_ID", "t"},
                    {"AZURESUBSCRIPTION_CLIENT_ID", "c"}});
  CHECK(setting.name() == "none: not signed in to Azure");
  set_all(setting, {{"AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "s-1"}});
  setting.http.expect("POST https://dev.example/oidctoken?api-version=7.1&serviceConnectionId=s-1")
      .with("Authorization: Bearer job")
      .answer(200, R"({"oidcToken": "jwt"})");
  setting.http.expect("POST https://login.microsoftonline.com/t/oauth2/v2.0/token")
      .with("client_id=c")
      .with("client_assertion=jwt")
      .answer(200, kToken);
  CHECK(setting.fetch());
}

TEST_CASE("sign-in: az is asked for the subscription that is meant") {
  const auto asked = [](const SignInWish& wish) {
    Setting setting;
    setting.az_is_signed_in();
    setting.process.results.push_back(
        sys::ProgramResult{.out = R"({"accessToken": "t", "expires_on": 1788270000})"});
    REQUIRE(setting.fetch(wish));
    const auto& arguments = setting.process.runs.front().arguments;
    return arguments.at(arguments.size() - 2) + ' ' + arguments.back();
  };
  CHECK(asked({}) == "--subscription s1");
  CHECK(asked({.subscription = "TWO"}) == "--subscription s2");
  CHECK(asked({.subscription = "s2", .tenant = "t9"}) == "--tenant t9");
  // One that az has not listed can be of the tenant that it is signed in to.
  CHECK(asked({.subscription = "s3"}) == "--tenant t1");
}

TEST_CASE("sign-in: az of another cloud is no help") {
  Setting setting;
  setting.az_is_signed_in();
  setting.cloud = azure::find_cloud("AzureChinaCloud").value();
  CHECK(setting.error({.method = "az"}).why == "az: az is set to the cloud AzureCloud");
  setting.cloud.name = "Simulated";  // a cloud by its address may have any name
  CHECK(setting.name() == "operator@contoso.example (az)");
}

TEST_CASE("sign-in: a person signs in to the tenant that is nearest") {
  const auto tenant = [](Setting& setting, const SignInWish& wish) {
    setting.http.expect("POST https://login.microsoftonline.com/*/oauth2/v2.0/devicecode")
        .fail({.kind = ErrorKind::network, .what = "no network"});
    CHECK(setting.fetch(wish).error().kind == ErrorKind::network);
    const auto& url = setting.http.sent.back().url;
    return url.substr(34, url.find("/oauth2") - 34);
  };
  Setting setting;
  CHECK(tenant(setting, {.method = "device-code"}) == "organizations");
  setting.az_is_signed_in();
  CHECK(tenant(setting, {.method = "device-code"}) == "t1");
  CHECK(tenant(setting, {.method = "device-code", .subscription = "Two"}) == "t2");
  setting.env.values["AZURE_TENANT_ID"] = "te";
  CHECK(tenant(setting, {.method = "device-code"}) == "te");
  CHECK(tenant(setting, {.method = "device-code", .tenant = "tw"}) == "tw");
}

}  // namespace aksmesh::test
