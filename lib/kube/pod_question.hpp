// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kube/client.hpp"
#include "net/http.hpp"

namespace aksmesh::kube {

/// What to ask the HTTP port of a pod.
struct PodQuestion {
  std::string name_space{};
  std::string pod{};
  int port = 0;
  net::Method method = net::Method::get;
  std::string path{};  ///< with its query, as in /debug/syncz
  std::string body{};
  /// What listens there takes connections from within the pod alone, as Envoy's admin port does:
  /// the proxy of the API server need not be tried.
  bool on_loopback = false;
  std::int64_t timeout = 0;  ///< milliseconds for each way; 0: that of any request
  /// Where nothing else is permitted: the command that asks the same from within, and its
  /// container; empty: there is none.
  std::string container{};
  std::vector<std::string> command{};
};

/// Of the answer to one question: larger ones are refused.
inline constexpr std::size_t kLargestPodAnswer = 256U << 20U;

/// `/api/v1/namespaces/NS/pods/POD`.
std::string pod_path(const PodQuestion& question);
/// Begins a WebSocket with the API server.
Result<net::Request> upgrade_request(Client& client, const std::string& path);

}  // namespace aksmesh::kube
