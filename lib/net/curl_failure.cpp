// SPDX-License-Identifier: Apache-2.0
#include "net/curl_failure.hpp"

#include "net/more_time.hpp"
#include "net/trace.hpp"

namespace aksmesh::net {
namespace {

std::string host_of(const Request& request) {
  const auto place = place_of(request);
  const auto begin = place.find(' ') + 1;
  return place.substr(begin, place.find('/', begin) - begin);
}

/// `own` says that the server's trust and credentials are told by more than the environment.
std::vector<std::string> advice(CURLcode code, bool own) {
  if (own && (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE))
    return {"check certificate-authority and tls-server-name of the cluster in the kubeconfig"};
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {"check the name and the DNS server; behind a proxy set HTTPS_PROXY"};
    case CURLE_COULDNT_RESOLVE_PROXY: return {"check HTTPS_PROXY"};
    case CURLE_COULDNT_CONNECT: return {"check the network, a firewall and HTTPS_PROXY / NO_PROXY"};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {"behind an inspecting proxy name its certificates: SSL_CERT_FILE=FILE.pem"};
    case CURLE_SSL_CACERT_BADFILE:
      return {"install the package ca-certificates", "SSL_CERT_FILE=FILE.pem   (other ones)"};
    default: return {};
  }
}

/// What helps where nothing answers at all. A longer time for the request leaves that for the
/// connection as it is.
std::vector<std::string> advice_unconnected(const Request& request, const Limits& limits) {
  auto out = advice(CURLE_COULDNT_CONNECT, request.peer != nullptr);
  if (request.peer != nullptr)
    out.emplace_back("a private cluster answers in its own network alone: connect from there");
  if (limits.whole < limits.connection)
    out.push_back("allow more time: --request-timeout " + longer_than(limits.whole));
  return out;
}

std::string reason(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return "its name cannot be resolved";
    case CURLE_COULDNT_RESOLVE_PROXY: return "the name of the proxy cannot be resolved";
    case CURLE_COULDNT_CONNECT: return "the connection is refused or has no route";
    case CURLE_PEER_FAILED_VERIFICATION:
      return "its certificate is not trusted, or is for another name";
    case CURLE_SSL_CACERT_BADFILE: return "the trusted certificates cannot be read";
    case CURLE_SSL_CERTPROBLEM:
      return "the client certificate and its key cannot be used, or do not belong together";
    case CURLE_SSL_CONNECT_ERROR: return "the TLS handshake failed";
    case CURLE_WRITE_ERROR: return "the answer is too large";
    case CURLE_URL_MALFORMAT: return "the address is malformed";
    case CURLE_UNSUPPORTED_PROTOCOL: return "the address is neither https nor http";
    default: return "the connection broke off";
  }
}

Error refused_by_proxy(const Request& request, long status) {
  const bool asks = status == 407;
  return {.kind = ErrorKind::network,
          .what = "cannot reach " + host_of(request),
          .why = asks ? "the proxy wants a user and a password, or does not take these"
                      : "the proxy refuses it with status " + std::to_string(status),
          .next = {asks ? "HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT"
                        : "check HTTPS_PROXY and NO_PROXY"},
          .where = place_of(request)};
}

}  // namespace

Limits limits_of(const Request& request, const HttpSettings& settings) {
  return {.whole = request.timeout > 0 ? request.timeout : settings.request_timeout,
          .connection =
              request.connect_timeout > 0 ? request.connect_timeout : settings.connect_timeout};
}

bool never_sent(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE: return true;
    default: return false;
  }
}

bool stays(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_WRITE_ERROR: return true;
    default: return false;
  }
}

bool is_refused_by_proxy(const Failure& failure) {
  return failure.status == 0 && failure.proxy_status >= 400 && failure.proxy_status < 500;
}

Error failure_of(const Request& request, const Failure& failure) {
  const auto host = host_of(request);
  if (is_refused_by_proxy(failure)) return refused_by_proxy(request, failure.proxy_status);
  const bool timed_out = failure.code == CURLE_OPERATION_TIMEDOUT;
  const bool unconnected = timed_out && failure.unconnected;
  const bool late = timed_out && !unconnected;
  std::string why = unconnected ? "no connection came about within the time limit"
                    : late      ? "no answer within the time limit"
                                : reason(failure.code);
  if (failure.number > 1) why += "; tried " + std::to_string(failure.number) + " times";
  return {.kind = timed_out ? ErrorKind::timeout : ErrorKind::network,
          .what = late ? host + " did not answer in time" : "cannot reach " + host,
          .why = why,
          .next = unconnected ? advice_unconnected(request, failure.limits)
                  : late      ? std::vector<std::string>{"allow more time: --request-timeout " +
                                                         longer_than(failure.limits.whole)}
                              : advice(failure.code, request.peer != nullptr),
          .where = place_of(request)};
}

Error time_is_over(const Request& request) {
  return {.kind = ErrorKind::timeout,
          .what = "the time for the whole run is over",
          .next = {kMoreTime},
          .where = place_of(request)};
}

}  // namespace aksmesh::net
