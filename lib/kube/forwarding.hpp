// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "kube/client.hpp"
#include "net/local_port.hpp"
#include "sys/random.hpp"

namespace aksmesh::kube {

/// A port of a pod, as seen on the pod's own loopback.
struct PodPort {
  std::string name_space{};
  std::string pod{};
  int port = 0;
  /// `NAMESPACE/POD`.
  [[nodiscard]] std::string pod_name() const { return name_space + '/' + pod; }
};

/// That the API server forwards connections to the port: the pod is there and the right, too. Kinds
/// as api_error makes them (auth, denied, not_found).
Status try_forwarding(Client& client, sys::Random& random, const PodPort& target);

/// Connects each connection of a local port with the port of a pod, several at once, until the user
/// interrupts (cancelled), the run's time is over (timeout) or the pod is gone (not_found). Fails
/// never otherwise: what befalls one connection is told, and the others go on.
Error forward(Client& client, sys::Random& random, const PodPort& target, net::LocalPort& local,
              const std::function<void(const Error&)>& tell);

}  // namespace aksmesh::kube
