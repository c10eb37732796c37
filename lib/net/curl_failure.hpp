// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"
#include "net/curl_library.hpp"
#include "net/http.hpp"

namespace aksmesh::net {

/// How long a try may take, in milliseconds.
struct Limits {
  std::int64_t whole = 0;       ///< from connecting to the last byte
  std::int64_t connection = 0;  ///< until there is a connection
};
Limits limits_of(const Request& request, const HttpSettings& settings);

/// How a try failed.
struct Failure {
  CURLcode code = CURLE_OK;
  int status = 0;         ///< of the answer; 0: none had begun
  long proxy_status = 0;  ///< of the proxy's answer to CONNECT; 0: none
  int number = 1;         ///< the how manieth try
  /// The time ran out before there was a connection, TLS and a proxy on the way included.
  bool unconnected = false;
  Limits limits{};
};

/// Failures that come before anything of the request can have left.
bool never_sent(CURLcode code);
/// Failures that the same request would meet again.
bool stays(CURLcode code);
/// A proxy that fails for a moment (5xx) is a fault like others.
bool is_refused_by_proxy(const Failure& failure);
/// In words, for people.
Error failure_of(const Request& request, const Failure& failure);
/// The run's own limit.
Error time_is_over(const Request& request);

}  // namespace aksmesh::net
