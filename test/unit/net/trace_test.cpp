// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "net/trace.hpp"

namespace aksmesh::test {
namespace {

const net::Request kRequest{
    .method = net::Method::put,
    .url = "https://management.azure.com/subscriptions/s?api-version=2026-03-01&t=SIGNED",
    .headers = {{"If-Match", "\"e1\""}, {"Authorization", "Bearer SECRET"}},
    .body = "the body",
    .bearer = Secret("SECRET"),
    .secret_headers = {{"secret", "SECRET"}}};

nlohmann::ordered_json traced(const net::Request& request, const net::Response* response) {
  return net::trace_document(
      {.request = request, .response = response, .problem = "reset", .milliseconds = 310},
      1'788'264'000);
}

}  // namespace

TEST_CASE("trace: a URL is shown without its secrets") {
  using net::redacted;
  CHECK(redacted("https://a.example/x") == "https://a.example/x");
  CHECK(redacted("https://a.example/x?api-version=1&t=SECRET&c&h=SECRET") ==
        "https://a.example/x?api-version=1&t=...&c&h=...");
  CHECK(redacted("https://a.example?api-version=1") == "https://a.example?api-version=1");
  CHECK(redacted("https://user:password@a.example/x") == "https://a.example/x");
  CHECK(redacted("https://user:password@a.example") == "https://a.example");
  CHECK(redacted("https://user:p@ss@a.example/x@y") == "https://a.example/x@y");
  CHECK(redacted("https://a.example/x@y") == "https://a.example/x@y");
  CHECK(redacted("https://user:password@a.example?q=1") == "https://a.example?q=...");
  CHECK(redacted("/relative?sig=SECRET") == "/relative?sig=...");
  CHECK(redacted("") == "");
}

TEST_CASE("trace: places and lines for people") {
  CHECK(net::place_of(kRequest) == "PUT management.azure.com/subscriptions/s");
  const net::Response response{.status = 200};
  CHECK(net::trace_line({.request = kRequest, .response = &response, .milliseconds = 310}) ==
        "PUT management.azure.com/subscriptions/s 200 in 0.31 s");
  CHECK(net::trace_line({.request = kRequest, .problem = "reset", .number = 2}) ==
        "PUT management.azure.com/subscriptions/s no answer (reset) in 0.00 s, try 2");
}

TEST_CASE("trace: a record holds everything but secrets") {
  const net::Response response{
      .status = 201,
      .headers = {{"etag", "e2"},
                  {"azure-asyncoperation", "https://a.example/op?api-version=1&t=SIGNED"},
                  {"set-cookie", "SECRET"}},
      .body = "answer"};
  const auto record = traced(kRequest, &response);
  CHECK(record.dump().find("SECRET") == std::string::npos);
  CHECK(record.dump().find("SIGNED") == std::string::npos);
  CHECK(record["time"] == "2026-09-01T12:00:00Z");
  CHECK(record["requestHeaders"]["if-match"] == "\"e1\"");
  CHECK(record["requestHeaders"]["authorization"] == "(not shown)");
  CHECK(record["requestBody"] == "the body");
  CHECK(record["responseHeaders"]["azure-asyncoperation"] ==
        "https://a.example/op?api-version=1&t=...");
  CHECK(record["responseBody"] == "answer");
  CHECK(traced(kRequest, nullptr)["problem"] == "reset");
}

TEST_CASE("trace: a header that is no UTF-8 does not spoil the record") {
  const net::Response response{.status = 200, .headers = {{"x-bad", "caf\xe9"}}};
  const auto line = net::trace_record({.request = kRequest, .response = &response}, 1'788'264'000);
  CHECK(nlohmann::json::parse(line)["responseHeaders"]["x-bad"] == "caf\xEF\xBF\xBD");
  CHECK(line.find('\n') == line.size() - 1);
}

TEST_CASE("trace: a URL with a user in a body or a header is shown without that") {
  const auto shown = [](const std::string& body) {
    const net::Response response{.status = 200, .body = body};
    return traced(kRequest, &response)["responseBody"].get<std::string>();
  };
  CHECK(shown(R"({"httpProxy": "http://u:sekret@p:8080/", "noProxy": ["a@b"]})") ==
        R"({"httpProxy": "http://(not shown)@p:8080/", "noProxy": ["a@b"]})");
  CHECK(shown(R"(http:\/\/u:sekret@p)").find("sekret") == std::string::npos);
  CHECK(shown("http://u:s@kret@p https://v:sekret@q") ==
        "http://(not shown)@p https://(not shown)@q");
  CHECK(shown("https://a.example/x@y") == "https://a.example/x@y");
  CHECK(shown("https://") == "https://");
  auto request = kRequest;
  request.body = "http://u:sekret@p";
  CHECK(traced(request, nullptr)["requestBody"] == "http://(not shown)@p");
  const net::Response response{.status = 200, .headers = {{"x-proxy", "http://u:sekret@p"}}};
  CHECK(traced(kRequest, &response)["responseHeaders"]["x-proxy"] == "http://(not shown)@p");
}

TEST_CASE("trace: bodies that hold credentials, are no text or are very long") {
  auto request = kRequest;
  request.secret_body = true;
  request.secret_answer = true;
  const net::Response secret{.status = 200, .body = "SECRET"};
  CHECK(traced(request, &secret)["requestBody"] == "(not shown)");
  CHECK(traced(request, &secret)["responseBody"] == "(not shown)");
  const net::Response binary{.status = 200, .body = "\xff\xfe"};
  CHECK(traced(kRequest, &binary)["responseBody"] == "(not text)");
  std::string text((64U << 10U) - 1, 'x');
  text += "\xC3\xA9 and more";  // the cut must not halve a letter
  const net::Response large{.status = 200, .body = text};
  CHECK(traced(kRequest, &large)["responseBody"] == std::string((64U << 10U) - 1, 'x') + "...");
}

}  // namespace aksmesh::test
