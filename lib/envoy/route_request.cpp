// SPDX-License-Identifier: Apache-2.0
#include "envoy/route_request.hpp"

#include <cctype>
#include <charconv>

#include "base/strings.hpp"

namespace aksmesh::envoy {
namespace {

using Sort = RouteRequest::Sort;

Error no_url(std::string_view url, std::string why) {
  return {.kind = ErrorKind::usage,
          .what = "'" + std::string(url) + "' is no URL of a request",
          .why = std::move(why),
          .next = {"http://HOST:PORT/PATH", "tcp://HOST:PORT"}};
}

Result<Sort> sort_of(std::string_view scheme, std::string_view url) {
  const auto word = to_lower(std::string(scheme));
  if (word == "http" || word == "grpc") return Sort::http;
  if (word == "https") return Sort::https;
  if (word == "tcp") return Sort::tcp;
  if (word == "tls") return Sort::tls;
  return no_url(url, "its scheme is none of http, https, tcp and tls");
}

/// 0 where there is none, as tcp has no usual port.
std::int64_t usual_port(Sort sort) {
  if (sort == Sort::tcp) return 0;
  return sort == Sort::http ? 80 : 443;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Each `%41` that stands for a letter, a digit or one of `-._~` as that sign.
std::string without_needless_escapes(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const int high = path[i] == '%' && i + 2 < path.size() ? hex_value(path[i + 1]) : -1;
    const int low = high < 0 ? -1 : hex_value(path[i + 2]);
    const auto c = static_cast<unsigned char>(low < 0 ? 0 : high * 16 + low);
    if (c == '-' || c == '.' || c == '_' || c == '~' || (c < 128 && std::isalnum(c) != 0)) {
      out += static_cast<char>(c);
      i += 2;
    } else {
      out += path[i] == '\\' ? '/' : path[i];
    }
  }
  return out;
}

std::size_t end_of_path(std::string_view path) {
  return std::min(path.find_first_of("?#"), path.size());
}

Status take_port(std::string_view text, std::string_view url, RouteRequest& out) {
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out.port);
  if (read.ec == std::errc() && read.ptr == end && out.port > 0 && out.port < 65536) return Done{};
  return no_url(url, "a port is a number from 1 to 65535");
}

}  // namespace

std::vector<std::string> RouteRequest::values(std::string_view name) const {
  const auto wanted = to_lower(name);
  if (wanted == ":method") return {method};
  if (wanted == ":path") return {path};
  if (wanted == ":authority" || wanted == "host") return {authority};
  if (wanted == ":scheme") return {sort == Sort::https ? "https" : "http"};
  std::vector<std::string> out;
  for (const auto& [key, value] : headers)
    if (key == wanted) out.push_back(value);
  return out;
}

std::optional<std::string> RouteRequest::header(std::string_view name) const {
  const auto all = values(name);
  return all.empty() ? std::nullopt : std::optional(join(all, ","));
}

std::optional<std::string> RouteRequest::parameter(std::string_view name) const {
  const auto mark = path.find('?');
  if (mark == std::string::npos) return std::nullopt;
  const auto query = std::string_view(path).substr(mark + 1);
  for (const auto part : split(query.substr(0, query.find('#')), '&')) {
    const auto sign = part.find('=');
    if (part.substr(0, sign) == name)
      return std::string(sign == std::string_view::npos ? "" : part.substr(sign + 1));
  }
  return std::nullopt;
}

std::optional<std::string> RouteRequest::cookie(std::string_view name) const {
  for (const auto& line : values("cookie"))
    for (const auto part : split(std::string_view(line), ';')) {
      const auto sign = part.find('=');
      if (sign != std::string_view::npos && trim(part.substr(0, sign)) == name)
        return std::string(trim(part.substr(sign + 1)));
    }
  return std::nullopt;
}

std::string_view RouteRequest::bare_path() const {
  return std::string_view(path).substr(0, end_of_path(path));
}

Result<RouteRequest> parse_request_url(std::string_view url) {
  RouteRequest out;
  auto rest = url;
  if (const auto mark = url.find("://"); mark != std::string_view::npos) {
    AK_TRY(out.sort, sort_of(url.substr(0, mark), url));
    if (to_lower(std::string(url.substr(0, mark))) == "grpc") {
      out.version = "h2c";
      out.method = "POST";
      out.headers.emplace_back("content-type", "application/grpc");
    }
    rest = url.substr(mark + 3);
  }
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  const auto place = rest.substr(0, end);
  if (end < rest.size()) out.path = (rest[end] == '/' ? "" : "/") + std::string(rest.substr(end));
  out.path.erase(std::min(out.path.find('#'), out.path.size()));
  const auto bracket = place.starts_with('[') ? place.find(']') : std::string_view::npos;
  auto colon = place.find(':', bracket == std::string_view::npos ? 0 : bracket);
  out.host = place.substr(0, colon);
  if (bracket != std::string_view::npos) out.host = place.substr(1, bracket - 1);
  if (out.host.empty() || place.find('@') != std::string_view::npos ||
      out.host.find_first_of(" \t\r\n") != std::string::npos)
    return no_url(url, "it has no host");
  out.port = usual_port(out.sort);
  if (colon != std::string_view::npos) AK_CHECK(take_port(place.substr(colon + 1), url, out));
  if (out.port == 0) return no_url(url, "it has no port");
  // As clients do: the usual port is not told.
  out.authority = out.port == usual_port(out.sort) ? place.substr(0, colon) : place;
  if (out.is_tls()) out.server_name = out.host;
  return out;
}

std::string normalized_path(std::string_view path) {
  const auto end = end_of_path(path);
  const auto plain = without_needless_escapes(path.substr(0, end));
  std::vector<std::string_view> kept;
  const auto parts = split(std::string_view(plain), '/');
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    if (parts[i] == "..") {
      if (!kept.empty()) kept.pop_back();
      if (last) kept.emplace_back();
    } else if (parts[i] == ".") {
      if (last) kept.emplace_back();
    } else {
      kept.push_back(parts[i]);
    }
  }
  std::string out;
  for (const auto part : kept) out += '/' + std::string(part);
  if (out.empty()) out = "/";
  return out.append(path.substr(end));
}

std::string with_unescaped_slashes(std::string_view path) {
  const auto end = end_of_path(path);
  std::string out;
  for (std::size_t i = 0; i < end; ++i) {
    const auto escape = to_lower(path.substr(i, 3));
    if (i + 3 <= end && (escape == "%2f" || escape == "%5c")) {
      out += escape == "%2f" ? '/' : '\\';
      i += 2;
    } else {
      out += path[i];
    }
  }
  return out.append(path.substr(end));
}

std::string with_merged_slashes(std::string_view path) {
  const auto end = end_of_path(path);
  std::string out;
  for (const char c : path.substr(0, end))
    if (c != '/' || out.empty() || out.back() != '/') out += c;
  return out.append(path.substr(end));
}

}  // namespace aksmesh::envoy
