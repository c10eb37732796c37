// SPDX-License-Identifier: Apache-2.0
#include "azure/arm.hpp"

#include "azure/service_error.hpp"
#include "base/base64.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "data/json_edit.hpp"
#include "net/trace.hpp"

namespace aksmesh::azure {
namespace {

constexpr int kMostPages = 1000;  // a list that never ends must not keep us

/// `https://host:port` of a URL, in lower case, without the port that https has anyway.
std::string origin_of(std::string_view url) {
  constexpr std::string_view kPort = ":443";
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  auto out = to_lower(url.substr(0, url.find_first_of("/?", scheme + 3)));
  if (out.starts_with("https://") && out.ends_with(kPort)) out.resize(out.size() - kPort.size());
  return out;
}

/// What a claims challenge asks a token to hold; empty when there is none.
std::string wanted_claims(const net::Response& response) {
  const auto challenge = response.header("www-authenticate");
  const auto at = challenge.find("claims=\"");
  if (at == std::string_view::npos) return {};
  auto encoded = challenge.substr(at + 8);
  encoded = encoded.substr(0, encoded.find('"'));
  return decode_base64(encoded).value_or("");
}

}  // namespace

std::string Arm::place(net::Method method, const std::string& path) const {
  return net::place_of(request(method, url(path)));
}

std::string Arm::url(const std::string& path, const std::string& query) const {
  auto out = join_url(cloud_.resource_manager, path) + "?api-version=" + api_version_;
  if (!query.empty()) out += '&' + query;
  return out;
}

net::Request Arm::request(net::Method method, const std::string& url) const {
  return {
      .method = method,
      .url = url,
      .headers = {{"Accept", "application/json"}, {"x-ms-client-request-id", client_request_id_}}};
}

net::Request Arm::reading(const std::string& url) const {
  auto out = request(net::Method::get, url);
  out.wants_json = true;
  return out;
}

Result<net::Response> Arm::send(net::Request request) {
  AK_TRY(request.bearer, tokens_.token(cloud_.audience));
  AK_TRY(auto response, http_.send(request));
  if (response.status != 401) return response;
  // Once: a token can have been revoked, or the clock be wrong.
  AK_TRY(request.bearer, tokens_.renew(cloud_.audience, wanted_claims(response)));
  return http_.send(request);
}

Result<net::Response> Arm::expect(net::Request request, const std::string& goal) {
  const auto place = net::place_of(request);
  auto response = send(std::move(request));
  if (!response) return std::move(response).error().context("trying to " + goal);
  if (response->ok()) return response;
  return to_error(service_error(*response), "cannot " + goal, place);
}

Result<net::Response> Arm::get(const std::string& path, const std::string& goal) {
  return expect(reading(url(path)), goal);
}

Result<net::Response> Arm::put(const std::string& path, const std::string& body,
                               const std::string& etag) {
  auto out = request(net::Method::put, url(path));
  out.headers.emplace_back("Content-Type", "application/json");
  out.headers.emplace_back("If-Match", etag);
  out.body = body;
  // What was read for it may be out of date by then, even if the ETag is not.
  out.tries = 1;
  return send(std::move(out));
}

Result<net::Response> Arm::post(const std::string& path, const std::string& query,
                                const std::string& goal) {
  auto out = request(net::Method::post, url(path, query));
  out.repeat = net::Repeat::if_not_sent;
  out.secret_answer = true;  // credentials are what is asked for by POST
  return expect(std::move(out), goal);
}

Result<net::Response> Arm::follow(const std::string& link) {
  auto out = request(net::Method::get, link);
  const auto origin = origin_of(link);
  if (origin != origin_of(cloud_.resource_manager) || !origin.starts_with("https://"))
    return http_.send(out);
  return send(std::move(out));
}

Result<std::vector<std::string>> Arm::list(const std::string& path, const std::string& goal) {
  std::vector<std::string> out;
  auto next = url(path);
  // Half a list would be taken for all there is.
  const auto broken = [&](std::string why) {
    return Error{.kind = ErrorKind::bad_data,
                 .what = "cannot " + goal,
                 .why = std::move(why),
                 .where = net::place_of(request(net::Method::get, next))};
  };
  for (int page = 0; !next.empty(); ++page) {
    if (page == kMostPages) return broken("the list has no end");
    AK_TRY(const auto response, expect(reading(next), goal));
    const auto document = data::JsonDocument::parse(response.body);
    if (!document) return broken("the answer is no JSON");
    const auto root = document->root();
    for (const auto& item : root["value"].items()) {
      auto text = root.tree()->source().substr(item.begin(), item.end() - item.begin());
      out.emplace_back(text);
    }
    const std::string more(root["nextLink"].text());
    // A token must not go to wherever an answer points.
    if (!more.empty() && origin_of(more) != origin_of(cloud_.resource_manager))
      return broken("the list goes on at another place than " + cloud_.resource_manager + ": " +
                    printable(net::redacted(more)));
    next = more;
  }
  return out;
}

}  // namespace aksmesh::azure
