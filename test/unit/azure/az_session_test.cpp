// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "azure/az_session.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

constexpr const char* kAudience = "https://management.core.windows.net/";

struct Session {
  FakeProcess process{};
  FakeClock clock{};

  Result<azure::Token> fetch(azure::AzAccount account = {.user = "operator@contoso.example",
                                                         .subscription = "s",
                                                         .tenant = "t"}) {
    return az_credential(process, clock, std::move(account))->fetch(kAudience, "");
  }
  Error error_of(Result<sys::ProgramResult> result) {
    process.results.push_back(std::move(result));
    auto token = fetch();
    REQUIRE(!token);
    return token.error();
  }
};

}  // namespace

TEST_CASE("az session: runs az for a token and reads what it prints") {
  Session session;
  session.process.results.push_back(
      sys::ProgramResult{.out = R"({"accessToken": "t", "expiresOn": "2026-01-02 00:00:00.000000",
                 "expires_on": 1788270000, "subscription": "s", "tokenType": "Bearer"})"});
  const auto token = session.fetch();
  REQUIRE(token);
  CHECK(token->value.reveal() == "t");
  CHECK(token->expires_on == 1'788'270'000);
  const auto& run = session.process.runs.front();
  CHECK(run.name == "az");
  CHECK(run.arguments == std::vector<std::string>{"account", "get-access-token", "--output", "json",
                                                  "--resource", kAudience, "--subscription", "s"});
  CHECK(run.environment.front() ==
        std::pair<std::string, std::string>("AZURE_CORE_NO_COLOR", "true"));
}

TEST_CASE("az session: a tenant is named only when no subscription is") {
  Session session;
  session.process.results.push_back(sys::ProgramResult{.out = R"({"accessToken": "t"})"});
  const auto token = session.fetch({.tenant = "t"});
  REQUIRE(token);
  const auto& arguments = session.process.runs.front().arguments;
  CHECK(arguments.back() == "t");
  CHECK(arguments.at(arguments.size() - 2) == "--tenant");
  // Old versions of az tell no end that can be understood.
  CHECK(token->expires_on == session.clock.now() + 360);
}

TEST_CASE("az session: failures say what to do") {
  Session session;
  const auto missing =
      session.error_of(Error{.kind = ErrorKind::not_found, .what = "cannot run az"});
  CHECK(missing.kind == ErrorKind::auth);
  CHECK(missing.why == "the program az is not on the PATH");
  const auto signed_out = session.error_of(sys::ProgramResult{
      .code = 1,
      .err = "WARNING: old\nERROR: Please run 'az login' to setup \x1b[31maccount.\nmore\n"});
  CHECK(signed_out.kind == ErrorKind::auth);
  CHECK(signed_out.why == "az says: Please run 'az login' to setup \\u001b[31maccount.");
  CHECK(signed_out.next == std::vector<std::string>{"az login --tenant t"});
  const auto other = session.error_of(sys::ProgramResult{.code = 3});
  CHECK(other.why == "az failed and said nothing");
  const auto late =
      session.error_of(Error{.kind = ErrorKind::timeout, .what = "az did not end within 30s"});
  CHECK(late.kind == ErrorKind::auth);
  CHECK(late.why == "az did not end within 30s");
  CHECK(session.error_of(sys::ProgramResult{.out = "no JSON"}).kind == ErrorKind::bad_data);
  CHECK(session.error_of(Error{.kind = ErrorKind::cancelled, .what = "interrupted"}).kind ==
        ErrorKind::cancelled);
}

TEST_CASE("az session: its tokens belong to the user who is signed in") {
  FakeProcess process;
  const FakeClock clock;
  const auto key = [&](azure::AzAccount account) {
    return az_credential(process, clock, std::move(account))->cache_key();
  };
  CHECK(key({.subscription = "s"}).empty());
  CHECK(key({.user = "a", .subscription = "s"}) != key({.user = "b", .subscription = "s"}));
}

TEST_CASE("az session: a claims challenge needs a person") {
  FakeProcess process;
  const FakeClock clock;
  const auto token = azure::az_credential(process, clock, {})->fetch(kAudience, R"({"a":1})");
  REQUIRE(!token);
  CHECK(token.error().next == std::vector<std::string>{"az login --claims-challenge eyJhIjoxfQ=="});
  CHECK(process.runs.empty());
}

}  // namespace aksmesh::test
