// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "net/http.hpp"

namespace aksmesh::net {

/// One try of a request and what came of it.
struct Exchange {
  const Request& request;
  const Response* response = nullptr;  ///< null when there was none
  std::string problem{};               ///< then why
  int number = 1;                      ///< the how manieth try
  std::int64_t milliseconds = 0;
};

/// Is told of every exchange.
class Trace {
 public:
  Trace() = default;
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;
  virtual ~Trace() = default;
  virtual void record(const Exchange& exchange) = 0;
  /// A request waits before it goes out again.
  virtual void waits(const Request& request, std::string_view reason,
                     std::int64_t milliseconds) = 0;
};

/// The URL without what is secret in it: of the query only `api-version` and names are kept. Links
/// to the status of an operation are signed.
std::string redacted(std::string_view url);
/// `GET management.azure.com/subscriptions/...`, for messages.
std::string place_of(const Request& request);
/// The same with what came of it: `... 200 in 0.31 s`.
std::string trace_line(const Exchange& exchange);
/// Everything but secrets: tokens, bodies that hold credentials, signed queries.
nlohmann::ordered_json trace_document(const Exchange& exchange, std::int64_t now);
/// The same as a line of JSON; bytes that are no UTF-8 become U+FFFD.
std::string trace_record(const Exchange& exchange, std::int64_t now);

}  // namespace aksmesh::net
