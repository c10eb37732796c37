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

TEST_CASE("redaction: what only sounds like it stays") {
  for (const char* text : {"secretName: web", "tokenPath: /var/run", "token:\n  aud: istio-ca",
                           "passwords: [a]", R"({"token": {"aud": "istio-ca"}})",
                           "accessLogFile: /dev/stdout", "password:", "", "=", ":"})
    CHECK_MESSAGE(without_secrets(text) == text, text);
}

}  // namespace aksmesh::test
