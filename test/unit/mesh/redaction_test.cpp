// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

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

}  // namespace aksmesh::test
