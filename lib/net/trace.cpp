// SPDX-License-Identifier: Apache-2.0
#include "net/trace.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "sys/clock.hpp"

namespace aksmesh::net {
namespace {

constexpr std::size_t kLongestBody = 64U << 10U;

/// Headers of either side that hold secrets, or links that are signed.
constexpr std::array<std::string_view, 10> kSecret{"authorization",
                                                   "proxy-authorization",
                                                   "cookie",
                                                   "set-cookie",
                                                   "secret",
                                                   "x-identity-header",
                                                   "azure-asyncoperation",
                                                   "location",
                                                   "www-authenticate",
                                                   "x-ms-policy-external-evaluations"};

/// Where the authority of a URL ends, in plain text or in a JSON string.
bool ends_authority(char c) {
  constexpr std::string_view kEnds = "/\\?#\"'<>,";
  return static_cast<unsigned char>(c) <= ' ' || kEnds.find(c) != std::string_view::npos;
}

/// The length of the slashes of `://` at the begin of a text, which JSON may escape; 0 without.
std::size_t slashes(std::string_view text) {
  for (const std::string_view form : {"//", "\\/\\/"})
    if (text.starts_with(form)) return form.size();
  return 0;
}

/// A text without the user part of the URLs in it, such as that of a proxy with its password.
std::string without_users(std::string_view text) {
  std::string out;
  for (auto colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':')) {
    const auto begin = colon + 1 + slashes(text.substr(colon + 1));
    out += text.substr(0, begin);
    text.remove_prefix(begin);
    if (begin == colon + 1) continue;
    const auto end = std::find_if(text.begin(), text.end(), ends_authority) - text.begin();
    const auto at = text.substr(0, static_cast<std::size_t>(end)).rfind('@');
    if (at == std::string_view::npos) continue;
    out += "(not shown)";
    text.remove_prefix(at);
  }
  return out.append(text);
}

nlohmann::ordered_json headers_document(const Headers& headers) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (const auto& [name, value] : headers) {
    const auto lower = to_lower(name);
    const bool link = lower == "azure-asyncoperation" || lower == "location";
    const bool secret = std::find(kSecret.begin(), kSecret.end(), lower) != kSecret.end();
    out[lower] = link ? redacted(value) : secret ? "(not shown)" : without_users(value);
  }
  return out;
}

std::string shown_body(const std::string& raw, bool secret) {
  if (secret) return "(not shown)";
  if (find_invalid_utf8(raw) != std::string_view::npos) return "(not text)";
  const auto body = without_users(raw);
  if (body.size() <= kLongestBody) return body;
  auto end = kLongestBody;
  while (end > 0 && (static_cast<unsigned char>(body[end]) & 0xC0U) == 0x80U) --end;
  return body.substr(0, end) + "...";
}

}  // namespace

std::string redacted(std::string_view url) {
  const auto question = url.find('?');
  std::string out(url.substr(0, question));
  // Nothing of ours, but a URL may carry a user and a password.
  if (const auto host = out.find("://"); host != std::string::npos) {
    const auto path = out.find('/', host + 3);
    if (const auto at = out.rfind('@', path); at != std::string::npos && at > host)
      out.erase(host + 3, at + 1 - (host + 3));
  }
  if (question == std::string_view::npos) return out;
  char separator = '?';
  for (const auto part : split(url.substr(question + 1), '&')) {
    const auto name = part.substr(0, part.find('='));
    out += separator;
    out.append(name == "api-version" ? part : name);
    if (name != "api-version" && part.size() > name.size()) out += "=...";
    separator = '&';
  }
  return out;
}

std::string place_of(const Request& request) {
  auto url = redacted(request.url);
  url.erase(std::min(url.size(), url.find('?')));
  if (const auto scheme = url.find("://"); scheme != std::string::npos) url.erase(0, scheme + 3);
  return std::string(method_name(request.method)) + ' ' + url;
}

std::string trace_line(const Exchange& exchange) {
  std::array<char, 32> time{};
  std::snprintf(time.data(), time.size(), "%.2f s",
                static_cast<double>(exchange.milliseconds) / 1000.0);
  auto out = place_of(exchange.request) + ' ';
  out += exchange.response != nullptr ? std::to_string(exchange.response->status)
                                      : "no answer (" + exchange.problem + ')';
  out.append(" in ").append(time.data());
  if (exchange.number > 1) out += ", try " + std::to_string(exchange.number);
  return out;
}

nlohmann::ordered_json trace_document(const Exchange& exchange, std::int64_t now) {
  const auto& request = exchange.request;
  nlohmann::ordered_json out{{"time", sys::rfc3339(now)},
                             {"method", method_name(request.method)},
                             {"url", redacted(request.url)},
                             {"try", exchange.number},
                             {"durationMilliseconds", exchange.milliseconds},
                             {"requestHeaders", headers_document(request.headers)}};
  if (!request.body.empty()) out["requestBody"] = shown_body(request.body, request.secret_body);
  if (exchange.response == nullptr) {
    out["problem"] = exchange.problem;
    return out;
  }
  out["status"] = exchange.response->status;
  out["responseHeaders"] = headers_document(exchange.response->headers);
  out["responseBody"] = shown_body(exchange.response->body, request.secret_answer);
  return out;
}

std::string trace_record(const Exchange& exchange, std::int64_t now) {
  return trace_document(exchange, now)
             .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
         '\n';
}

}  // namespace aksmesh::net
