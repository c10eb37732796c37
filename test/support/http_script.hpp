// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "net/http.hpp"

namespace aksmesh::test {

/// A network that answers as it was told. Requests must come in the order of the script; one that
/// was not expected, and a step that was not used at the end, fail the test.
///
///     HttpScript http;
///     http.expect("PUT https://management.azure.com/subscriptions/*")
///         .with("If-Match: \"e1\"")
///         .answer(201, R"({"id": "x"})", {{"azure-asyncoperation", "https://..."}});
class HttpScript final : public net::Http {
 public:
  class Step {
   public:
    explicit Step(std::string request) : request_(std::move(request)) {}
    /// A piece of the request's text that must be there; see text_of.
    Step& with(std::string piece);
    /// One that must not.
    Step& without(std::string piece);
    /// Header names in lower case. Without an answer the step answers 200 with nothing.
    Step& answer(int status, std::string body = {}, net::Headers headers = {});
    /// No answer: the connection fails.
    Step& fail(Error error);

   private:
    friend class HttpScript;
    std::string request_;
    std::vector<std::string> with_;
    std::vector<std::string> without_;
    Result<net::Response> outcome_{net::Response{.status = 200}};
  };

  ~HttpScript() override;

  /// `METHOD URL`; a `*` stands for anything.
  Step& expect(std::string request);
  /// How many steps are left.
  [[nodiscard]] std::size_t left() const { return steps_.size(); }

  void configure(net::HttpSettings settings) override { configured = std::move(settings); }
  [[nodiscard]] std::int64_t deadline() const override { return configured.deadline; }
  std::vector<Result<net::Response>> send_all(const std::vector<net::Request>& requests) override;

  /// How the network was last set up.
  net::HttpSettings configured;
  /// What was sent so far.
  std::vector<net::Request> sent;

 private:
  Result<net::Response> answer_to(const net::Request& request);

  std::deque<Step> steps_;
};

/// A request as text: `METHOD URL`, a line for each header, secret ones and `Authorization: Bearer`
/// too, an empty line, the body.
std::string text_of(const net::Request& request);

}  // namespace aksmesh::test
