// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace aksmesh::envoy {

/// What an application sends to, and what with.
struct RouteRequest {
  enum class Sort : std::uint8_t { http, https, tcp, tls };
  Sort sort = Sort::http;
  std::string host{};  ///< of the URL; of an IPv6 address without brackets
  std::int64_t port = 0;
  std::string authority{};  ///< the Host header
  std::string path = "/";   ///< with its query
  std::string method = "GET";
  std::string version = "http/1.1";  ///< `http/1.0`, `http/1.1` or `h2c`, as Envoy detects it
  /// Names in lower case, with several of the same name in their order.
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string address{};  ///< that the host's name stands for; empty: to be found out
  std::string server_name{};
  std::int64_t listener_port = 0;  ///< where the proxy listens, if not at the port of the URL

  [[nodiscard]] bool is_http() const { return sort == Sort::http || sort == Sort::https; }
  [[nodiscard]] bool is_tls() const { return sort == Sort::https || sort == Sort::tls; }
  [[nodiscard]] std::int64_t at_port() const { return listener_port != 0 ? listener_port : port; }
  /// The values of a header, also of `:method`, `:path`, `:authority`, `:scheme` and `host`.
  [[nodiscard]] std::vector<std::string> values(std::string_view name) const;
  /// The same joined with commas. Nothing when the request has none.
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
  /// The first value of a parameter of the query, as it is written.
  [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
  /// The first value of a cookie.
  [[nodiscard]] std::optional<std::string> cookie(std::string_view name) const;
  /// The path without query and fragment.
  [[nodiscard]] std::string_view bare_path() const;
};

/// `http://HOST:PORT/PATH?QUERY`, also https, tcp and tls; without a scheme it is http. Kind usage
/// where it is none.
Result<RouteRequest> parse_request_url(std::string_view url);

/// The path as Envoy's option normalize_path makes it: no dot segments, no backslashes, characters
/// that need no escape without.
std::string normalized_path(std::string_view path);
/// With slashes and backslashes in the place of their escapes; the query stays.
std::string with_unescaped_slashes(std::string_view path);
/// With one slash where there are several.
std::string with_merged_slashes(std::string_view path);

}  // namespace aksmesh::envoy
