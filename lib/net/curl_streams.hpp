// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "net/curl_library.hpp"
#include "net/http.hpp"
#include "net/retry.hpp"
#include "sys/cancel.hpp"
#include "sys/clock.hpp"

namespace aksmesh::net {

/// Streams on libcurl: it makes the connections, with their proxies and certificates, and carries
/// bytes; what they say is not its business. Must outlive the streams.
class CurlStreams {
 public:
  /// `multi` is for connections of this kind alone, which are never used again by others.
  CurlStreams(const CurlLibrary& curl, CURLM* multi) : curl_(curl), multi_(multi) {}
  CurlStreams(const CurlStreams&) = delete;
  CurlStreams& operator=(const CurlStreams&) = delete;
  ~CurlStreams() { curl_.multi_cleanup(multi_); }

  /// What one call of Http::run takes of its surroundings.
  struct Use {
    sys::Clock& clock;
    sys::Random& random;
    const sys::Cancel& cancel;
    const HttpSettings& settings;
    const RetryPolicy& retry;
  };
  void run(const std::vector<Stream*>& streams, const StreamBounds& bounds, const Use& use);

 private:
  class Run;
  const CurlLibrary& curl_;
  CURLM* multi_;
};

}  // namespace aksmesh::net
