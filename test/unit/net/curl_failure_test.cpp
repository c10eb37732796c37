// SPDX-License-Identifier: Apache-2.0
#include "net/curl_failure.hpp"

#include <doctest/doctest.h>

#include "base/strings.hpp"

namespace aksmesh::net {
namespace {

std::string advice_for(const Request& request, bool unconnected, const Limits& limits) {
  const auto error = failure_of(
      request, {.code = CURLE_OPERATION_TIMEDOUT, .unconnected = unconnected, .limits = limits});
  CHECK(error.kind == ErrorKind::timeout);
  return error.what + ": " + error.why + " | " + join(error.next, " | ");
}

}  // namespace

TEST_CASE("curl: a connection that never comes up is no request that is late") {
  const Peer peer{};
  const Request to_cluster{.url = "https://api.example.org/version", .peer = &peer};
  const Request to_azure{.url = "https://arm.example.org/subscriptions"};
  const Limits usual{.whole = 100'000, .connection = 15'000};
  CHECK(advice_for(to_azure, true, usual) ==
        "cannot reach arm.example.org: no connection came about within the time limit | "
        "check the network, a firewall and HTTPS_PROXY / NO_PROXY");
  CHECK(advice_for(to_cluster, true, usual) ==
        "cannot reach api.example.org: no connection came about within the time limit | "
        "check the network, a firewall and HTTPS_PROXY / NO_PROXY | "
        "a private cluster answers in its own network alone: connect from there");
  CHECK(advice_for(to_azure, false, usual) ==
        "arm.example.org did not answer in time: no answer within the time limit | "
        "allow more time: --request-timeout 7m");
  // The request's own limit came first, so a longer one may do.
  CHECK(advice_for(to_azure, true, {.whole = 2'000, .connection = 15'000})
            .ends_with(" | allow more time: --request-timeout 8s"));
}

TEST_CASE("curl: the limits are those of the request, else those of the settings") {
  const HttpSettings settings{.connect_timeout = 3'000, .request_timeout = 20'000};
  const auto usual = limits_of({}, settings);
  CHECK(usual.whole == 20'000);
  CHECK(usual.connection == 3'000);
  const auto own = limits_of({.timeout = 5'000, .connect_timeout = 1'000}, settings);
  CHECK(own.whole == 5'000);
  CHECK(own.connection == 1'000);
}

}  // namespace aksmesh::net
