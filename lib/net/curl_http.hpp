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

/// How the network is used. Durations in milliseconds.
struct HttpSettings {
  std::string user_agent{};
  std::string ca_file{};  ///< PEM bundle instead of the system's; empty: the system's
  std::int64_t connect_timeout = 15'000;
  std::int64_t request_timeout = 100'000;
  std::int64_t deadline = 0;  ///< on the steady clock, for the whole run; 0: none
  std::size_t at_once = 8;
  RetryPolicy retry{};
};

/// HTTP on libcurl: one thread, one multi handle, HTTP/2 where the server has it. Proxies come from
/// HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
class CurlHttp final : public Http {
 public:
  CurlHttp(sys::Clock& clock, sys::Random& random, const sys::Cancel& cancel);
  ~CurlHttp() override;

  HttpSettings settings{};
  Trace* trace = nullptr;  ///< null: nobody listens

  std::vector<Result<Response>> send_all(const std::vector<Request>& requests) override;

 private:
  class Batch;
  struct State;
  Status start();

  sys::Clock& clock_;
  sys::Random& random_;
  const sys::Cancel& cancel_;
  std::unique_ptr<State> state_;
};

}  // namespace aksmesh::net
