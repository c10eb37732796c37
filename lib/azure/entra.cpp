// SPDX-License-Identifier: Apache-2.0
#include "azure/entra.hpp"

#include <charconv>
#include <optional>

#include "azure/cloud.hpp"
#include "azure/cluster_id.hpp"
#include "azure/service_error.hpp"
#include "base/strings.hpp"
#include "data/json_edit.hpp"
#include "net/trace.hpp"

namespace aksmesh::azure {
namespace {

std::optional<std::int64_t> number(const data::Node& node) {
  const auto text = node.text();
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  // Some answers have a fraction of a second.
  if (text.empty() || error != std::errc{} || (at != end && *at != '.')) return std::nullopt;
  return value;
}

}  // namespace

std::string form_text(const Form& form) {
  std::string out;
  for (const auto& [name, value] : form) {
    if (!out.empty()) out += '&';
    out += url_escaped(name) + '=' + url_escaped(value);
  }
  return out;
}

std::string token_url(const std::string& login, const std::string& tenant) {
  return join_url(login, url_escaped(tenant) + "/oauth2/v2.0/token");
}

std::string scope_of(const std::string& audience) {
  return audience + "/.default";
}

Result<Token> read_token(std::string_view json, const sys::Clock& clock) {
  const auto document = data::JsonDocument::parse(std::string(json));
  const auto root = document ? document->root() : data::Node{};
  const auto camel = root["accessToken"];
  Token out{.value = Secret(std::string((camel ? camel : root["access_token"]).text()))};
  if (out.value.empty())
    return Error{.kind = ErrorKind::bad_data,
                 .what = "cannot sign in",
                 .why = "the answer to the token request holds no token"};
  if (const auto until = number(root["expires_on"]))
    out.expires_on = *until;
  else
    out.expires_on = clock.now() + number(root["expires_in"]).value_or(0);
  return out;
}

Error refused(const net::Response& response, const std::string& who, const std::string& place) {
  const auto said = service_error(response);
  auto error = to_error(said, "cannot sign in as " + who, place);
  const auto row = known_error(said);
  // Who gives out tokens does not answer 403 of its own; rights come only with a token.
  if (row == "right-missing") {
    error.why =
        "something on the way forbids it, such as a proxy or a firewall (it says: " + said.message +
        ')';
    error.next = {"check HTTPS_PROXY and NO_PROXY"};
  }
  // There was no token yet that could be refused.
  if (row == "token-refused") {
    error.why = said.message.empty() ? said.code : said.message;
    error.next = {"aksmesh help sign-in"};
  }
  if (response.status == 400 || response.status == 401) error.kind = ErrorKind::auth;
  return error;
}

Result<net::Response> post_form(net::Http& http, const std::string& url, const Form& form,
                                const std::string& who) {
  auto response = http.send({.method = net::Method::post,
                             .url = url,
                             .headers = {{"Accept", "application/json"},
                                         {"Content-Type", "application/x-www-form-urlencoded"}},
                             .body = form_text(form),
                             .secret_body = true,
                             .secret_answer = true});
  if (!response) return std::move(response).error().context("signing in as " + who);
  return response;
}

Result<Token> request_token(net::Http& http, const sys::Clock& clock, const std::string& url,
                            const Form& form, const std::string& who) {
  AK_TRY(const auto response, post_form(http, url, form, who));
  if (!response.ok())
    return refused(response, who, net::place_of({.method = net::Method::post, .url = url}));
  return read_token(response.body, clock);
}

}  // namespace aksmesh::azure
