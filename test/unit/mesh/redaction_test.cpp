// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "istio/sync_status.hpp"
#include "mesh/redaction.hpp"

namespace aksmesh::test {

using mesh::without_secrets;

TEST_CASE("redaction: values behind keys that tell of a secret") {
  CHECK(without_secrets("password: hunter2\nuser: me\n") == "password: redacted\nuser: me\n");
  CHECK(without_secrets("  bearer_token: 'a b'\nx: 1") == "  bearer_token: 'redacted'\nx: 1");
  CHECK(without_secrets("client_secret = abc\n") == "client_secret = redacted\n");
  CHECK(without_secrets(R"({"accessToken": "abc", "address": "a:1"})") ==
        R"({"accessToken": "redacted", "address": "a:1"})");
  CHECK(without_secrets("t: {lightstep: {accessToken: abc, address: x}}") ==
        "t: {lightstep: {accessToken: redacted, address: x}}");
  CHECK(without_secrets("Password: A\nAPI-KEY: b") == "Password: redacted\nAPI-KEY: redacted");
}

TEST_CASE("redaction: secrets without a word on their own line") {
  CHECK(without_secrets("password: |-\n  hunter2\n  more\nuser: me") ==
        "password: |-\nredacteduser: me");
  CHECK(without_secrets("token:\n  abc\nx: 1") == "token:\nredactedx: 1");
  CHECK(without_secrets(R"("{\"password\":\"hunter2\"}")") == R"("{\"password\":\"redacted\"}")");
  CHECK(without_secrets("- name: Authorization\n  value: \"Api-Token X\"\n") ==
        "- name: Authorization\n  value: \"redacted\"\n");
  CHECK(without_secrets("{name: x-api-key, value: X}") == "{name: x-api-key, value: redacted}");
  CHECK(without_secrets("- name: x-team\n  value: shop\n") == "- name: x-team\n  value: shop\n");
  CHECK(without_secrets("url: https://me:hunter2@host/x") == "url: https://redacted@host/x");
  CHECK(without_secrets("a: https://host/x@y") == "a: https://host/x@y");
  CHECK(without_secrets("-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\nx") ==
        "-----BEGIN PRIVATE KEY-----redacted-----END PRIVATE KEY-----\nx");
  CHECK(without_secrets("privateKey: X") == "privateKey: redacted");
}

TEST_CASE("redaction: what only sounds like it stays") {
  for (const char* text : {"secretName: web", "tokenPath: /var/run", "token:\n  aud: istio-ca",
                           "passwords: [a]", R"({"token": {"aud": "istio-ca"}})",
                           "accessLogFile: /dev/stdout", "password:", "", "=", ":"})
    CHECK_MESSAGE(without_secrets(text) == text, text);
}

TEST_CASE("redaction: of what an istiod tells of its proxies stays what is read of it") {
  std::size_t proxies = 0;
  const auto kept = mesh::redacted_sync_status(
      R"([{"proxy": "a.shop", "cluster_id": "K", "proxy_type": "sidecar", "istio_version": "1.28.1", "x": "y",
           "resources": {"type.googleapis.com/envoy.config.cluster.v3.Cluster":
             {"sent": "1", "acked": "", "sentTime": "2026-01-01T00:00:00Z", "lastError": "no: password: abc", "z": 1}}},
          {"proxy": "test-1.default", "istio_version": "65536.65536.65536"}])",
      proxies);
  REQUIRE(kept);
  CHECK(
      *kept ==
      R"([{"proxy":"a.shop","cluster_id":"K","proxy_type":"sidecar","istio_version":"1.28.1","resources":{"type.googleapis.com/envoy.config.cluster.v3.Cluster":{"sent":"1","acked":"","sentTime":"2026-01-01T00:00:00Z","lastError":"no: password: redacted"}}},{"proxy":"test-1.default","istio_version":"65536.65536.65536"}])"
      "\n");
  CHECK(proxies == 1);
}

TEST_CASE(
    "redaction: an istiod up to 1.22 says the same afterwards, and any other answer is refused") {
  std::size_t proxies = 0;
  const std::string old =
      R"([{"proxy": "a.shop", "cluster_sent": "1", "cluster_acked": "2", "route_sent": "1", "route_acked": "1"}])";
  const auto kept = mesh::redacted_sync_status(old, proxies);
  REQUIRE(kept);
  const auto before = istio::read_sync_status(old);
  const auto after = istio::read_sync_status(*kept);
  REQUIRE(before);
  REQUIRE(after);
  REQUIRE(after->size() == before->size());
  for (std::size_t i = 0; i < before->front().types.size(); ++i)
    CHECK(after->front().types[i].state == before->front().types[i].state);
  CHECK(mesh::redacted_sync_status("null", proxies).value() == "[]\n");
  CHECK(proxies == 0);
  CHECK(!mesh::redacted_sync_status("404 page not found", proxies));
}

}  // namespace aksmesh::test
