// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "state.hpp"

namespace aksmesh::sim {

/// Entra ID and the managed identity endpoints; nothing when the request is for neither.
std::optional<Response> answer_identity(State& state, const Request& request);

/// Refusal of a request to Resource Manager whose token is not good.
std::optional<Response> check_token(const State& state, const Request& request);

}  // namespace aksmesh::sim
