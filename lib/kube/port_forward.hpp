// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "kube/client.hpp"
#include "kube/pod_question.hpp"
#include "sys/random.hpp"

namespace aksmesh::kube {

/// Asks through connections that the API server forwards to the pods, where they come from the
/// loopback. Questions to the same port go over one connection, one after the other. An answer of
/// any status is an answer. Errors: of the API server as api_error makes them (denied, not_found),
/// network for a pod that takes no connection, timeout, cancelled.
std::vector<Result<net::Response>> ask_by_port_forward(Client& client, sys::Random& random,
                                                       const std::vector<PodQuestion>& questions);

}  // namespace aksmesh::kube
