// SPDX-License-Identifier: Apache-2.0
#include "support/http_script.hpp"

#include <doctest/doctest.h>

#include "base/strings.hpp"
#include "net/trace.hpp"

namespace aksmesh::test {
namespace {

std::string line_of(const net::Request& request) {
  return std::string(net::method_name(request.method)) + ' ' + request.url;
}

}  // namespace

std::string text_of(const net::Request& request) {
  std::string out = line_of(request) + '\n';
  for (const auto* list : {&request.headers, &request.secret_headers})
    for (const auto& [name, value] : *list) out += name + ": " + value + '\n';
  if (!request.bearer.empty()) out += "Authorization: Bearer " + request.bearer.reveal() + '\n';
  return out + '\n' + request.body;
}

HttpScript::Step& HttpScript::Step::with(std::string piece) {
  with_.push_back(std::move(piece));
  return *this;
}

HttpScript::Step& HttpScript::Step::without(std::string piece) {
  without_.push_back(std::move(piece));
  return *this;
}

HttpScript::Step& HttpScript::Step::answer(int status, std::string body, net::Headers headers) {
  outcome_ =
      net::Response{.status = status, .headers = std::move(headers), .body = std::move(body)};
  return *this;
}

HttpScript::Step& HttpScript::Step::fail(Error error) {
  outcome_ = std::move(error);
  return *this;
}

HttpScript::Step& HttpScript::expect(std::string request) {
  return steps_.emplace_back(std::move(request));
}

HttpScript::~HttpScript() {
  for (const auto& step : steps_) FAIL_CHECK("expected, but never sent: ", step.request_);
}

std::vector<Result<net::Response>> HttpScript::send_all(const std::vector<net::Request>& requests) {
  std::vector<Result<net::Response>> out;
  out.reserve(requests.size());
  for (const auto& request : requests) {
    out.push_back(answer_to(request));
    if (configured.trace == nullptr) continue;
    const auto& last = out.back();
    configured.trace->record({.request = request, .response = last ? &last.value() : nullptr});
  }
  return out;
}

Result<net::Response> HttpScript::answer_to(const net::Request& request) {
  sent.push_back(request);
  const auto line = line_of(request);
  const Error nothing{.kind = ErrorKind::network, .what = "the test expects no such request"};
  if (steps_.empty()) {
    FAIL_CHECK("not expected: ", line);
    return nothing;
  }
  const auto step = std::move(steps_.front());
  steps_.pop_front();
  CHECK_MESSAGE(wildcard_match(step.request_, line), "expected ", step.request_, ", got ", line);
  const auto text = text_of(request);
  for (const auto& piece : step.with_)
    CHECK_MESSAGE(text.find(piece) != std::string::npos, "'", piece, "' is not in ", text);
  for (const auto& piece : step.without_)
    CHECK_MESSAGE(text.find(piece) == std::string::npos, "'", piece, "' is in ", text);
  if (!wildcard_match(step.request_, line)) return nothing;
  return step.outcome_;
}

}  // namespace aksmesh::test
