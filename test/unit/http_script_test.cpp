// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "support/http_script.hpp"

namespace aksmesh::test {

TEST_CASE("http script: answers in the order of its steps") {
  HttpScript http;
  http.expect("GET https://a.example/*").with("Accept: x").without("Bearer").answer(404, "none");
  http.expect("POST https://b.example/").with("Bearer t").with("\n\nhello");
  http.expect("GET https://c.example/").fail({.kind = ErrorKind::network, .what = "no network"});
  const auto answers =
      http.send_all({{.url = "https://a.example/1?q", .headers = {{"Accept", "x"}}},
                     {.method = net::Method::post,
                      .url = "https://b.example/",
                      .body = "hello",
                      .bearer = Secret("t")},
                     {.url = "https://c.example/"}});
  CHECK(answers.at(0)->status == 404);
  CHECK(answers.at(0)->body == "none");
  CHECK(answers.at(1)->status == 200);
  CHECK(answers.at(2).error().kind == ErrorKind::network);
  CHECK(http.left() == 0);
  CHECK(http.sent.size() == 3);
}

}  // namespace aksmesh::test
