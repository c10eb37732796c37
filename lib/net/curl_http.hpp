// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/http.hpp"
#include "net/retry.hpp"
#include "net/trace.hpp"
#include "sys/cancel.hpp"
#include "sys/clock.hpp"

namespace aksmesh::net {

/// HTTP on libcurl: one thread, one multi handle, HTTP/2 where the server has it. Proxies come from
/// HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
class CurlHttp final : public Http {
 public:
  CurlHttp(sys::Clock& clock, sys::Random& random, const sys::Cancel& cancel);
  ~CurlHttp() override;

  void configure(HttpSettings settings) override { settings_ = std::move(settings); }
  [[nodiscard]] std::int64_t deadline() const override { return settings_.deadline; }
  std::vector<Result<Response>> send_all(const std::vector<Request>& requests) override;
  void converse(const std::vector<Dialogue*>& dialogues, std::size_t at_once) override;
  void run(const std::vector<Stream*>& streams, const StreamBounds& bounds) override;

 private:
  class Batch;
  struct State;
  Status start();

  sys::Clock& clock_;
  sys::Random& random_;
  const sys::Cancel& cancel_;
  HttpSettings settings_{};
  RetryPolicy retry_{};
  std::unique_ptr<State> state_;
};

}  // namespace aksmesh::net
