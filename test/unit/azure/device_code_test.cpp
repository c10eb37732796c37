// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "azure/device_code.hpp"
#include "support/fake_world.hpp"
#include "support/http_script.hpp"

namespace aksmesh::test {
namespace {

constexpr const char* kAudience = "https://management.core.windows.net/";
constexpr const char* kCode = "POST https://login.example/t/oauth2/v2.0/devicecode";
constexpr const char* kTokens = "POST https://login.example/t/oauth2/v2.0/token";
constexpr const char* kAnswer =
    R"({"user_code": "FAKECODE9", "device_code": "D", "expires_in": 900, "interval": 5,
        "verification_uri": "https://microsoft.com/devicelogin",
        "message": "To sign in, enter the code FAKECODE9.\u0007"})";
constexpr const char* kToken = R"({"access_token": "a", "refresh_token": "r", "expires_in": 3600})";

std::string refusal(const std::string& word) {
  return R"({"error": ")" + word + R"(", "error_description": "AADSTS70016: no. Trace ID: x"})";
}

struct Person {
  HttpScript http{};
  FakeClock clock{};
  FakeProgress progress{};
  azure::CredentialPtr credential =
      azure::device_code_credential(http, clock, progress, "https://login.example", "t");

  Result<azure::Token> fetch() { return credential->fetch(kAudience, ""); }
  void shows_code() {
    http.expect(kCode)
        .with("client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46")
        .with("offline_access")
        .answer(200, kAnswer);
  }
};

}  // namespace

TEST_CASE("device code: shows the code and asks until the person is done") {
  Person person;
  person.shows_code();
  person.http.expect(kTokens).with("device_code=D").answer(400, refusal("authorization_pending"));
  person.http.expect(kTokens).answer(400, refusal("slow_down"));
  person.http.expect(kTokens).answer(200, kToken);
  const auto token = person.fetch();
  REQUIRE(token);
  CHECK(token->value.reveal() == "a");
  CHECK(token->expires_on == 1'788'264'000 + 20 + 3600);
  CHECK(person.progress.notes ==
        std::vector<std::string>{"To sign in, enter the code FAKECODE9.\\u0007"});
  CHECK(person.clock.sleeps == std::vector<std::int64_t>{5'000, 5'000, 10'000});
}

TEST_CASE("device code: a later token of the same run comes without the person") {
  Person person;
  person.shows_code();
  person.http.expect(kTokens).answer(200, kToken);
  CHECK(person.fetch());
  person.http.expect(kTokens)
      .with("grant_type=refresh_token")
      .with("refresh_token=r")
      .answer(200, R"({"access_token": "b", "expires_in": 3600})");
  CHECK(person.fetch()->value.reveal() == "b");
  // When the refresh token is refused, the person is asked again.
  person.http.expect(kTokens).with("refresh_token=r").answer(400, refusal("invalid_grant"));
  person.shows_code();
  person.http.expect(kTokens).answer(200, kToken);
  CHECK(person.fetch());
}

TEST_CASE("device code: ends when it was declined, has expired or something else is wrong") {
  for (const auto& [word, why] :
       {std::pair("authorization_declined", "the person declined"),
        std::pair("expired_token", "nobody entered the code before it expired"),
        std::pair("invalid_client", "AADSTS70016: no")}) {
    Person person;
    person.shows_code();
    person.http.expect(kTokens).answer(400, refusal(word));
    const auto token = person.fetch();
    REQUIRE(!token);
    CHECK(token.error().kind == ErrorKind::auth);
    CHECK(token.error().why == why);
  }
}

TEST_CASE("device code: a code that nobody enters ends by the clock") {
  Person person;
  person.http.expect(kCode).answer(
      200, R"({"user_code": "U", "device_code": "D", "expires_in": 9, "interval": 5,
               "verification_uri": "https://microsoft.com/devicelogin"})");
  person.http.expect(kTokens).answer(400, refusal("authorization_pending"));
  person.http.expect(kTokens).answer(400, refusal("authorization_pending"));
  CHECK(person.fetch().error().kind == ErrorKind::auth);
  CHECK(person.progress.notes.front() ==
        "to sign in, open https://microsoft.com/devicelogin and enter the code U");
}

TEST_CASE("device code: Ctrl-C ends the waiting") {
  Person person;
  person.shows_code();
  person.clock.interrupted_at = 1;
  CHECK(person.fetch().error().kind == ErrorKind::cancelled);
}

}  // namespace aksmesh::test
