// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "azure/pipeline_token.hpp"
#include "azure/service_principal.hpp"
#include "azure/token_cache.hpp"
#include "support/fake_world.hpp"
#include "support/http_script.hpp"

namespace aksmesh::test {
namespace {

azure::Token token_of(const std::string& value) {
  return {.value = Secret(value), .expires_on = 1'788'270'000};
}

}  // namespace

TEST_CASE("token cache: keeps, finds and forgets by key and audience") {
  MemoryFiles files;
  azure::DiskTokenCache cache(files, "/cache");
  cache.keep("key", "audience", token_of("t"));
  CHECK(cache.find("key", "audience").value.reveal() == "t");
  CHECK(cache.find("key", "audience").expires_on == 1'788'270'000);
  CHECK(cache.find("key", "other").value.empty());
  CHECK(cache.find("other", "audience").value.empty());
  REQUIRE(files.content.size() == 1);
  // SHA-256 of "key\naudience".
  CHECK(files.content.begin()->first ==
        "/cache/a986da58948c876b91e1a04d2b2422aed873950f17fcfb0fc9138e389ef0a75d.json");
  CHECK(files.private_paths.size() == 1);
  cache.forget("key", "audience");
  CHECK(files.content.empty());
}

TEST_CASE("token cache: what is broken, for others or not private counts as not there") {
  MemoryFiles files;
  azure::DiskTokenCache cache(files, "/cache");
  cache.keep("key", "audience", token_of("t"));
  const auto [path, good] = *files.content.begin();
  for (const char* text : {"", "{", "[]", R"({"audience": "audience", "expiresOn": 1})",
                           R"({"audience": "audience", "accessToken": "t"})",
                           R"({"audience": "x", "expiresOn": 1, "accessToken": "t"})"}) {
    files.content[path] = text;
    CHECK_MESSAGE(cache.find("key", "audience").value.empty(), text);
  }
  files.content[path] = good;
  CHECK(!cache.find("key", "audience").value.empty());
  files.private_paths.clear();
  CHECK(cache.find("key", "audience").value.empty());
  files.broken[path] = ErrorKind::denied;
  cache.keep("key", "audience", token_of("u"));  // fails without a word
}

TEST_CASE("token cache: a token serves several runs, until five minutes before its end") {
  MemoryFiles files;
  FakeClock clock;
  HttpScript http;
  azure::DiskTokenCache cache(files, "/cache");
  const auto run = [&] {
    azure::TokenSource source(
        azure::secret_credential(http, clock, {"https://login.example", "t", "c"}, Secret("s")),
        &cache, clock);
    return source.token("audience")->reveal();
  };
  const auto expect = [&](const std::string& value) {
    http.expect("POST https://login.example/t/oauth2/v2.0/token")
        .with("client_secret=s")
        .answer(200, R"({"access_token": ")" + value + R"(", "expires_in": 3600})");
  };
  expect("first");
  CHECK(run() == "first");
  clock.seconds += 3299;
  CHECK(run() == "first");
  clock.seconds += 1;
  expect("second");
  CHECK(run() == "second");
}

TEST_CASE("token cache: another secret, certificate or foreign token does not find the token") {
  MemoryFiles files;
  FakeClock clock;
  FakeRandom random;
  HttpScript http;
  const azure::Principal who{"https://login.example", "t", "c"};
  const auto of_secret = [&](const char* secret) {
    return azure::secret_credential(http, clock, who, Secret(secret))->cache_key();
  };
  CHECK(of_secret("right") == of_secret("right"));
  CHECK(of_secret("right") != of_secret("wrong"));
  CHECK(of_secret("right").find("right") == std::string::npos);
  const auto of_certificate = [&](const char* content, const char* password) {
    files.content["/sp.pem"] = content;
    return azure::certificate_credential(http, clock, random, files, who,
                                         {.path = "/sp.pem", .password = Secret(password)})
        ->cache_key();
  };
  CHECK(of_certificate("one", "p") == of_certificate("one", "p"));
  CHECK(of_certificate("one", "p") != of_certificate("two", "p"));
  CHECK(of_certificate("one", "p") != of_certificate("one", "q"));
  const auto of_file = [&](const char* content) {
    files.content["/token"] = content;
    return azure::federated_credential(http, clock, who, azure::token_of_file(files, "/token"))
        ->cache_key();
  };
  CHECK(of_file("one") == of_file("one\n"));
  CHECK(of_file("one") != of_file("two"));
  const auto of_job = [&](const char* key) {
    return azure::federated_credential(http, clock, who,
                                       azure::token_of(http, {.request = {.bearer = Secret(key)}}))
        ->cache_key();
  };
  CHECK(of_job("one") != of_job("two"));
  // What cannot be read shows nothing, so nothing is found for it.
  files.content.clear();
  CHECK(azure::federated_credential(http, clock, who, azure::token_of_file(files, "/token"))
            ->cache_key()
            .empty());
}

TEST_CASE("token cache: a token that was refused is not used again, also when no other comes") {
  MemoryFiles files;
  FakeClock clock;
  HttpScript http;
  azure::DiskTokenCache cache(files, "/cache");
  azure::TokenSource source(
      azure::secret_credential(http, clock, {"https://login.example", "t", "c"}, Secret("s")),
      &cache, clock);
  const auto expect = [&](const std::string& value) {
    http.expect("POST *").answer(200,
                                 R"({"access_token": ")" + value + R"(", "expires_in": 3600})");
  };
  expect("first");
  CHECK(source.token("audience")->reveal() == "first");
  http.expect("POST *").with("claims=c1").answer(400, R"({"error": "invalid_client"})");
  CHECK(!source.renew("audience", "c1"));
  CHECK(files.content.empty());
  expect("second");
  CHECK(source.token("audience")->reveal() == "second");
  CHECK(source.token("audience")->reveal() == "second");
  // One that suffices here is of no use there.
  http.expect("POST *")
      .with("scope=other%2F.default")
      .answer(200, R"({"access_token": "third", "expires_in": 3600})");
  CHECK(source.token("other")->reveal() == "third");
  CHECK(source.token("audience")->reveal() == "second");
}

TEST_CASE("token cache: without one, a run asks once for each audience") {
  FakeClock clock;
  HttpScript http;
  azure::TokenSource source(
      azure::secret_credential(http, clock, {"https://login.example", "t", "c"}, Secret("s")),
      nullptr, clock);
  for (const char* audience : {"one", "two"}) {
    http.expect("POST *")
        .with(std::string("scope=") + audience)
        .answer(200, R"({"access_token": ")" + std::string(audience) + R"(", "expires_in": 3600})");
    CHECK(source.token(audience)->reveal() == audience);
    CHECK(source.token(audience)->reveal() == audience);
  }
  CHECK(source.token("one")->reveal() == "one");
}

TEST_CASE("token cache: where it is, and how it is switched off") {
  MemoryFiles files;
  const auto place = [&](std::map<std::string, std::string> values) {
    FakeEnvironment env;
    env.values = std::move(values);
    files.content.clear();
    const auto cache = azure::token_cache(files, env);
    if (cache == nullptr) return std::string("none");
    cache->keep("key", "audience", token_of("t"));
    const auto& path = files.content.begin()->first;
    return path.substr(0, path.rfind('/'));
  };
  CHECK(place({{"HOME", "/home/u"}}) == "/home/u/.cache/aksmesh/tokens");
  CHECK(place({{"HOME", "/home/u"}, {"XDG_CACHE_HOME", "/c"}}) == "/c/aksmesh/tokens");
  CHECK(place({{"HOME", "/home/u"}, {"XDG_CACHE_HOME", "c"}}) == "/home/u/.cache/aksmesh/tokens");
  CHECK(place({}) == "none");
  CHECK(place({{"HOME", "/home/u"}, {"AKSMESH_TOKEN_CACHE", "off"}}) == "none");
}

}  // namespace aksmesh::test
