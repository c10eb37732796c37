// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "state.hpp"

namespace aksmesh::sim {

/// PUT of a managed cluster: preconditions, rules, what is stored, and the operation that starts.
Response put_cluster(State& state, const Request& request, const Effect& effect);
/// PATCH: tags, at once.
Response patch_cluster(State& state, const Request& request, Cluster& cluster);
/// The refusal of If-Match and If-None-Match, if they refuse.
std::optional<Response> precondition(const State& state, const Request& request,
                                     const Cluster* cluster);
/// The headers of an answer that started an operation.
void add_operation_link(const State& state, const Operation& operation, Response& response);

/// Another writer: sets a value in the body; the ETag changes. False when the path leads nowhere.
bool write_elsewhere(State& state, Cluster& cluster, const std::string& path, const Json& value);

}  // namespace aksmesh::sim
